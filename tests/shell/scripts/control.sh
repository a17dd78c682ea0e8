if true; then echo yes; else echo no; fi
if false; then echo yes; elif true; then echo elif; else echo no; fi
if false; then echo yes; fi; echo $?
for i in 1 2 3; do [ $i = 2 ] && continue; echo $i; done
for i in 1 2 3; do for j in a b; do [ $j = b ] && continue 2; [ $i = 3 ] && break 2; echo $i$j; done; done
n=0; while :; do n=$((n+1)); [ $n -gt 3 ] && break; echo $n; done; echo $?
n=0; until [ $n -ge 3 ]; do n=$((n+1)); done; echo $n
case abc in a*) echo star;; *) echo other;; esac
case x in a|x) echo two;; esac
case "a b" in "a b") echo quoted;; esac
case '*' in \*) echo literal;; esac
case foo in (foo) echo paren;; esac
case z in [a-y]) echo no;; [!a-y]) echo negated;; esac
case none in x) ;; esac; echo $?
p='a*'; case abc in $p) echo from variable;; esac; case abc in "$p") echo never;; *) echo not quoted;; esac
true && echo and || echo or; false && echo and || echo or; ! true; echo $?; ! false; echo $?
{ echo group; false; }; echo $?; (echo sub; exit 4); echo $?
false; true; echo $?
for i in; do echo never; done; echo $?
set -- p q; for i do echo $i; done
x=1; (x=2; echo $x); echo $x; { x=3; }; echo $x
if (exit 3); then :; else echo $?; fi
while false; do :; done; echo $?
true | false; echo $?; false | true; echo $?; ! false | false; echo $?
