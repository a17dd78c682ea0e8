nosuchcommand; echo $?
./nosuch; echo $?
/ ; echo $?
f() { nosuch2; }; f; echo $?
(shift 5); echo $?
(eval 'if'); echo $?
(eval 'echo )'); echo $?
(. /nosuchfile; echo never); echo $?
(readonly x=1; x=2; echo never); echo $?
(: ${x:?}; echo never); echo $?
(echo $((1/0)); echo never); echo $?
(echo ${bad-$(exit 3)}; echo $?)
(exit); echo $?; (false; exit); echo $?
(return 3; echo after) ; echo $?
(cd /nonexistent); echo $?
(unset 2>/dev/null); echo $?
(break; echo after break); (continue; echo after continue)
(set -o nosuch) ; echo $?
(nosuch3 && echo no || echo or)
! nosuch4; echo $?
nosuch5 | true; echo $?; true | nosuch6; echo $?
(echo x > /nonexistent/file; echo $?)
(: > /nonexistent/file; echo never); echo $?
if nosuch7; then echo no; else echo else $?; fi
