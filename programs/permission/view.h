/* Views: processes that stand for `files` for a program that is denied all but some folders. Each is a
 * name space (programs/fs/root) with these mounted and nothing else, one for all processes of the
 * program. */
#ifndef PROGRAMS_PERMISSION_VIEW_H
#define PROGRAMS_PERMISSION_VIEW_H

#include "programs/permission/subject.h"

enum { VIEWS_MAX = 16, VIEW_FOLDERS_MAX = 32 };

/* A slot, which stays this file's. WEFT_NO_SLOT: no folder is allowed to the program, or there can be no
 * view. */
int32_t view_for(const struct subject *subject);
/* An answer: if it says that a view has ended, the next program that needs one has another. */
void view_take_end(int64_t message);
/* Whether this is the first time that this is asked about the program's view. */
bool view_is_news(const struct subject *subject);
/* What is allowed to the program has changed: it is to have another view, or none. */
void view_end(const struct subject *subject);

#endif
