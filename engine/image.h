/* The other door of engine/: machine code of a module as bytes, for later runs.
 *
 * Who keeps an image authenticates it: the engine believes all that it says, also that every body was
 * found valid. By another compiler, or for another CPU, it is left aside. */
#ifndef ENGINE_IMAGE_H
#define ENGINE_IMAGE_H

#include "engine/engine.h"

/* As module_load, with machine code from an image that `module_image_write` made of a module of the
 * same bytes; no body is checked then. The image is not used any more afterwards. */
enum status module_load_image(struct engine *engine, struct bytes bytes, struct bytes image,
                              struct module **module, struct engine_error *error);

/* Bytes of an image of the module; 0: there is no code to keep. */
usize module_image_size(const struct module *module);
/* False if the size is another one meanwhile. */
bool module_image_write(const struct module *module, void *image, usize size);

/* Functions of which code came from an image, and that were compiled. */
struct module_code {
    u32 kept_count;
    u32 made_count;
};

struct module_code module_code(const struct module *module);

#endif
