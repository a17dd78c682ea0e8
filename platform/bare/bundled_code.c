#include "platform/bare/bundled_code.h"

/* Made by the build (platform/pc/build.mk): for each image the SHA-256 of the program's CID as
 * text, a line feed, and the image. */
extern const struct hash bundled_code_hashes[];
extern const u32 bundled_code_count;

static struct bytes archive;

static bool is_known(const struct hash *hash)
{
    for (u32 i = 0; i < bundled_code_count; i++)
        if (hash_equal(hash, &bundled_code_hashes[i]))
            return true;
    return false;
}

static struct hash hash_of(struct bytes cid, struct bytes image)
{
    struct hash_stream stream;
    hash_stream_init(&stream);
    hash_stream_add(&stream, cid);
    hash_stream_add(&stream, BYTES_LITERAL("\n"));
    hash_stream_add(&stream, image);
    return hash_stream_finish(&stream);
}

/* What is not known is told: a bundle of another build makes every program start later. */
static void complain(struct bytes path)
{
    u8 buffer[192];
    struct writer text;
    writer_init(&text, buffer, sizeof(buffer));
    writer_bytes(&text, path);
    writer_text(&text, " in the boot bundle is not of this kernel's build; it is left aside");
    log_line(LOG_WARNING, (struct process_id){ 0 }, (struct bytes){ text.data, text.size });
}

static struct bytes take(void *context, const struct cid *cid)
{
    enum { FOLDER_BYTES = 5 };
    u8 buffer[TAR_NAME_MAX];
    struct writer path;
    struct tar_entry entry;
    (void)context;
    writer_init(&path, buffer, sizeof(buffer));
    writer_text(&path, "code/");
    cid_write(cid, &path);
    if (!writer_ok(&path) || !tar_find(archive, (struct bytes){ buffer, path.size }, &entry))
        return (struct bytes){ 0 };
    struct bytes name = { buffer + FOLDER_BYTES, path.size - FOLDER_BYTES };
    struct hash hash = hash_of(name, entry.contents);
    if (is_known(&hash))
        return entry.contents;
    complain((struct bytes){ buffer, path.size });
    return (struct bytes){ 0 };
}

/* It is the bundle's. */
static void give(void *context, struct bytes kept)
{
    (void)context;
    (void)kept;
}

const struct image_store *bundled_code(struct bytes bundle)
{
    static const struct image_store store = { .take = take, .give = give };
    archive = bundle;
    return &store;
}
