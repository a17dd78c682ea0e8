/* What the kernel counts (interface `statistics`), at one moment or nearly: it is told by the page. Two of
 * them give rates. */
#ifndef PROGRAMS_TOOL_SHARED_FIGURES_H
#define PROGRAMS_TOOL_SHARED_FIGURES_H

#include <stddef.h>

#include "interface/statistics_program.h"

/* Memory that grows; what lies in it is aligned to 8. */
struct figures_space {
    uint8_t *data;
    size_t size;
    size_t capacity;
};

/* By number of the process or silo, as far as there is memory of one program for them. */
enum { FIGURES_MAX = 1 << 15 };

struct figures {
    struct statistics_machine_figures machine;
    struct statistics_process_figures_list processes;
    struct statistics_silo_figures_list silos;
    struct statistics_interface_figures_list interfaces;
    bool is_cut; /* there may be more than these: FIGURES_MAX of something, or a page more */
    struct figures_space items[3]; /* where the lists lie, */
    struct figures_space texts;    /* and what they lead to */
};

/* For one list at a time: it stays until the next call. */
struct weft_client figures_client(void);

/* Takes them anew. WEFT_NO_MEMORY: there is no room for them. */
enum weft_status figures_take(struct figures *figures);

/* Of the same one as the item, in figures taken before; NULL: it was not there. */
const struct statistics_process_figures *figures_process(const struct figures *figures,
                                                         uint64_t process);
const struct statistics_silo_figures *figures_silo(const struct figures *figures, uint64_t silo);
const struct statistics_interface_figures *
figures_interface(const struct figures *figures, const struct statistics_interface_figures *like);

#endif
