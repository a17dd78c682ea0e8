local function write(...)
    local words = table.pack(...)
    for i = 1, words.n do words[i] = tostring(words[i]) end
    print(table.concat(words, " "))
end
-- What Lua's errors have to do, without exceptions below it; and the rest a little.
local function index() local t = nil; return t.x end
write("caught:", select(1, pcall(index)), select(2, pcall(index)))
local caught, object = pcall(error, { 7 })
write("error objects:", caught, object[1])
local _, text = pcall(function() local _, inner = pcall(error, "inner", 0); error("outer " .. inner, 0) end)
write("nested:", text)
write("handler:", select(2, xpcall(error, function(e) return "handled " .. e end, "boom")))
local next_ = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end return "done" end)
write("yields:", next_(), next_(), next_(), next_())
local co = coroutine.create(function()
    local _, e = pcall(function() coroutine.yield(1); error("after", 0) end)
    coroutine.yield(e)
end)
write("yield across pcall:", select(2, coroutine.resume(co)), select(2, coroutine.resume(co)))
write("sort:", pcall(table.sort, { 3, 1, 2, 5, 4 }, function() error("compare", 0) end))
local function down(n)
    return (string.gsub("x", "x", function() if n == 0 then error("bottom", 0) end return down(n - 1) end))
end
write("150 levels:", select(2, pcall(down, 150)))
write("too deep in C:", (select(2, pcall(down, 300)):match("C stack overflow")))
local function endless() return 1 + endless() end
write("too deep in Lua:", select(2, pcall(endless)):find("stack overflow") ~= nil)
local sum = 0
for i = 1, 100000 do sum = sum + select(2, pcall(error, i)) end
write("100000 errors:", sum)
local closed = "no"
pcall(function() local x <close> = setmetatable({}, { __close = function() closed = "yes" end }); error("e") end)
write("closed on error:", closed)
write("syntax:", select(2, load("x = = 1")))
write("too long:", select(2, pcall(string.rep, "x", 1 << 31)))
write("numbers:", math.maxinteger, 2 ^ 53, 7 // 2, 7 / 2, 1e100)
local file = assert(io.open("/data/lines", "w"))
file:write("one\ntwo\n")
file:close()
local lines = {}
for line in io.lines("/data/lines") do lines[#lines + 1] = line end
write("file:", table.concat(lines, ","))
write("missing:", (select(2, io.open("/data/none"))))
write("environment:", os.getenv("NAME"))
write("arguments:", #arg, ...)
os.exit(7)
