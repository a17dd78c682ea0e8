(set -e; false; echo never); echo $?
(set -e; false || true; echo on); echo $?
(set -e; if false; then :; fi; echo on); echo $?
(set -e; ! true; echo on); echo $?
(set -e; f() { false; echo in f; }; f || echo or); echo $?
(set -e; while false; do :; done; echo on); echo $?
(set -e; x=$(false); echo never); echo $?
(set -e; true && false; echo on2); echo $?
(set -e; (exit 3); echo never); echo $?
(set -e; { false; }; echo never); echo $?
(set -e; true | false; echo never); echo $?
(set -e; false | true; echo on); echo $?
(set -u; echo $nope; echo never) 2>/dev/null; echo $?
(set -u; echo ${nope-ok}; echo on); echo $?
(set -f; echo *; set +f); echo $?
set -- -e; echo $1
(trap 'echo bye' EXIT; echo work); (trap 'echo bye $?' 0; exit 3); echo $?
(trap 'echo one' EXIT; trap - EXIT; echo none)
trap 'echo at the end' EXIT
(set -x; echo traced) 2>&1
(exit 256) ; echo $?
(set -e; eval false; echo never); echo $?
(set -e; f() { return 1; }; f; echo never); echo $?
echo ${x?is not set} 2>/dev/null; echo never
