-- A greeting on standard output. Lua runs this file; what it may reach is what its runner was given.
local name = arg[1] or "world"
print("Hello, " .. name .. ", from Lua")
print("The clock says " .. os.date("!%Y"))
