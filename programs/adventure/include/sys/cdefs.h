/* BSD's marks of copyright and version, which programs of BSD begin with: nothing here. */
#ifndef ADVENTURE_SYS_CDEFS_H
#define ADVENTURE_SYS_CDEFS_H

#define __COPYRIGHT(text)
#define __RCSID(text)

#endif
