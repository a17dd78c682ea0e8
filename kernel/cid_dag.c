/* Files as balanced UnixFS DAGs (ipfs/specs: UnixFS; ipld/specs: DAG-PB): only the names are made,
 * blocks are hashed as they are serialised and never kept.
 *
 * A node, as DAG-PB serialises it (links first, then data):
 *     12 size { 0A 24 cid(36) | 12 00 | 18 tsize }    a link: name empty, size of all below it
 *     12 size { 0A 22 multihash(34) | 12 00 | 18 tsize }   the same where leaves are wrapped
 *     0A size { 08 02 | 18 filesize | 20 blocksize ... }  UnixFS: a file, bytes below each link
 * A wrapped leaf:
 *     0A size { 08 02 | 12 size bytes | 18 filesize } */
#include "kernel/cid.h"
#include "kernel/thread.h"

#include <blake3.h>

enum {
    DAG_DEPTH_MAX = 12, /* 2^12 leaves at the smallest `links_max`, far more at the usual ones */
    CID_VERSION_0_SKIP = 2, /* a version 0 name is the multihash alone */
};

const struct dag_layout DAG_LAYOUT_DEFAULT = { 256 << 10, 174, false, CID_HASH_SHA256 };

/* One of the two hash functions, fed piece by piece. */
struct block_hash {
    u8 function;
    union {
        struct hash_stream sha256;
        blake3_hasher blake3;
    };
};

static void block_hash_init(struct block_hash *hash, u8 function)
{
    hash->function = function;
    if (function == CID_HASH_BLAKE3)
        blake3_hasher_init(&hash->blake3);
    else
        hash_stream_init(&hash->sha256);
}

static void block_hash_add_piece(struct block_hash *hash, struct bytes bytes)
{
    if (hash->function == CID_HASH_BLAKE3)
        blake3_hasher_update(&hash->blake3, bytes.data, bytes.size);
    else
        hash_stream_add(&hash->sha256, bytes);
}

static void block_hash_add(struct block_hash *hash, struct bytes bytes)
{
    enum { PIECE_BYTES = 256 << 10 };
    for (usize done = 0; done < bytes.size; done += PIECE_BYTES) {
        usize size = u64_min(bytes.size - done, PIECE_BYTES);
        block_hash_add_piece(hash, (struct bytes){ bytes.data + done, size });
        thread_pause();
    }
}

static struct hash block_hash_finish(const struct block_hash *hash)
{
    if (hash->function != CID_HASH_BLAKE3)
        return hash_stream_finish(&hash->sha256);
    struct hash digest;
    blake3_hasher_finalize(&hash->blake3, digest.bytes, HASH_SIZE);
    return digest;
}

static void block_hash_add_writer(struct block_hash *hash, const struct writer *writer)
{
    BASE_ASSERT(writer_ok(writer));
    block_hash_add(hash, (struct bytes){ writer->data, writer->size });
}

static u32 varint_size(u64 value)
{
    u32 size = 1;
    for (; value >= 0x80; value >>= 7)
        size++;
    return size;
}

struct dag_block {
    struct cid cid;
    u64 total_bytes; /* of this block and all below it, as serialised */
};

static struct dag_block leaf_raw(const struct dag_layout *layout, struct bytes chunk)
{
    struct block_hash hash;
    block_hash_init(&hash, layout->hash_function);
    block_hash_add(&hash, chunk);
    struct hash digest = block_hash_finish(&hash);
    return (struct dag_block){ cid_make(CID_CODEC_RAW, layout->hash_function, &digest),
                               chunk.size };
}

static struct dag_block leaf_wrapped(const struct dag_layout *layout, struct bytes chunk)
{
    u64 data_size = 2 + 1 + varint_size(chunk.size);
    if (chunk.size != 0)
        data_size += 1 + varint_size(chunk.size) + chunk.size;
    u8 buffer[48];
    struct writer head;
    writer_init(&head, buffer, sizeof(buffer));
    writer_u8(&head, 0x0A);
    writer_leb_u64(&head, data_size);
    writer_bytes(&head, BYTES_LITERAL("\x08\x02"));
    if (chunk.size != 0) {
        writer_u8(&head, 0x12);
        writer_leb_u64(&head, chunk.size);
    }
    struct block_hash hash;
    block_hash_init(&hash, layout->hash_function);
    block_hash_add_writer(&hash, &head);
    block_hash_add(&hash, chunk);
    writer_init(&head, buffer, sizeof(buffer));
    writer_u8(&head, 0x18);
    writer_leb_u64(&head, chunk.size);
    block_hash_add_writer(&hash, &head);
    struct hash digest = block_hash_finish(&hash);
    return (struct dag_block){ cid_make(CID_CODEC_DAG_PB, layout->hash_function, &digest),
                               1 + varint_size(data_size) + data_size };
}

/* Bytes of file below one link of a node at `level` (1: its links lead to leaves). */
static u64 link_span(const struct dag_layout *layout, u32 level)
{
    u64 span = layout->chunk_bytes;
    for (u32 i = 1; i < level; i++)
        span *= layout->links_max;
    return span;
}

/* The UnixFS part of a node over `size` bytes of file; its size in bytes. */
static u64 node_data(struct block_hash *hash, u64 size, u64 span)
{
    u64 full = size / span;
    u64 rest = size % span;
    u64 data_size = 2 + 1 + varint_size(size) + full * (1 + varint_size(span));
    if (rest != 0)
        data_size += 1 + varint_size(rest);
    u8 buffer[32];
    struct writer writer;
    writer_init(&writer, buffer, sizeof(buffer));
    writer_u8(&writer, 0x0A);
    writer_leb_u64(&writer, data_size);
    writer_bytes(&writer, BYTES_LITERAL("\x08\x02\x18"));
    writer_leb_u64(&writer, size);
    block_hash_add_writer(hash, &writer);
    for (u64 i = 0; i < full + (rest != 0); i++) {
        writer_init(&writer, buffer, sizeof(buffer));
        writer_u8(&writer, 0x20);
        writer_leb_u64(&writer, i < full ? span : rest);
        block_hash_add_writer(hash, &writer);
    }
    return 1 + varint_size(data_size) + data_size;
}

/* One link to `child`; its size in bytes. */
static u64 node_link(struct block_hash *hash, const struct dag_layout *layout,
                     const struct dag_block *child)
{
    struct bytes name = { child->cid.bytes, CID_SIZE };
    if (layout->wrapped)
        name = (struct bytes){ name.data + CID_VERSION_0_SKIP, name.size - CID_VERSION_0_SKIP };
    u64 link_size = 2 + name.size + 2 + 1 + varint_size(child->total_bytes);
    u8 buffer[80];
    struct writer writer;
    writer_init(&writer, buffer, sizeof(buffer));
    writer_u8(&writer, 0x12);
    writer_leb_u64(&writer, link_size);
    writer_u8(&writer, 0x0A);
    writer_u8(&writer, (u8)name.size);
    writer_bytes(&writer, name);
    writer_bytes(&writer, BYTES_LITERAL("\x12\x00\x18"));
    writer_leb_u64(&writer, child->total_bytes);
    block_hash_add_writer(hash, &writer);
    return 1 + varint_size(link_size) + link_size;
}

/* The block over `part` at `level` (0: a leaf). Recursion is bounded by DAG_DEPTH_MAX. */
static struct dag_block dag_block(const struct dag_layout *layout, struct bytes part, u32 level)
{
    if (level == 0)
        return layout->wrapped ? leaf_wrapped(layout, part) : leaf_raw(layout, part);
    struct block_hash hash;
    block_hash_init(&hash, layout->hash_function);
    u64 span = link_span(layout, level);
    u64 total = 0;
    for (usize offset = 0; offset < part.size; offset += span) {
        struct bytes below = { part.data + offset, (usize)u64_min(span, part.size - offset) };
        struct dag_block child = dag_block(layout, below, level - 1);
        total += node_link(&hash, layout, &child) + child.total_bytes;
    }
    total += node_data(&hash, part.size, span);
    struct hash digest = block_hash_finish(&hash);
    return (struct dag_block){ cid_make(CID_CODEC_DAG_PB, layout->hash_function, &digest), total };
}

struct cid dag_root(const struct dag_layout *layout, struct bytes file)
{
    u32 level = 0;
    while (link_span(layout, level + 1) < file.size && level < DAG_DEPTH_MAX)
        level++;
    return dag_block(layout, file, level).cid;
}
