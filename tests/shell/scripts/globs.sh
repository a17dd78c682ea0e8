: > a1; : > a2; : > b1; : > .hid; : > 'sp ace'
echo *; echo a*; echo ?1; echo [ab]1; echo [!a]1; echo nothing*; echo "a*" 'a*' a\*
echo .h*; for i in *; do echo "[$i]"; done
x='a*'; echo $x "$x"; set -f; echo a*; set +f
echo ./a*; echo *[12]; echo [[:alpha:]]1
case a1 in a?) echo q;; esac; case abc in a[b]c) echo br;; esac; case a-c in a[x-]c) echo dash;; esac; case ']' in []]) echo close;; esac
x=/usr/share/doc; echo ${x##*/} ${x%%/s*}
y=aXbXc; echo ${y#*X} ${y##*X} ${y%X*} ${y%%X*}
echo a[ ; echo [a ; echo []
