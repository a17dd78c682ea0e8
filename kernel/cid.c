/* CIDs in binary form, and whether a file is what one names. */
#include "kernel/cid.h"

struct cid cid_make(u8 codec, u8 hash_function, const struct hash *digest)
{
    struct cid cid = { .size = CID_SIZE };
    cid.bytes[0] = CID_VERSION;
    cid.bytes[1] = codec;
    cid.bytes[2] = hash_function;
    cid.bytes[3] = CID_DIGEST_SIZE;
    __builtin_memcpy(cid.bytes + 4, digest->bytes, CID_DIGEST_SIZE);
    return cid;
}

u8 cid_codec(const struct cid *cid)
{
    return cid->bytes[1];
}

u8 cid_hash_function(const struct cid *cid)
{
    return cid->bytes[2];
}

bool cid_from_bytes(struct bytes bytes, struct cid *cid)
{
    if (bytes.size != CID_SIZE || bytes.data[0] != CID_VERSION ||
        bytes.data[3] != CID_DIGEST_SIZE)
        return false;
    u8 codec = bytes.data[1];
    u8 function = bytes.data[2];
    if (codec != CID_CODEC_RAW && codec != CID_CODEC_DAG_PB)
        return false;
    if (function != CID_HASH_SHA256 && function != CID_HASH_BLAKE3)
        return false;
    *cid = (struct cid){ .size = CID_SIZE };
    __builtin_memcpy(cid->bytes, bytes.data, CID_SIZE);
    return true;
}

bool cid_equal(const struct cid *a, const struct cid *b)
{
    return bytes_equal((struct bytes){ a->bytes, a->size }, (struct bytes){ b->bytes, b->size });
}

struct cid cid_of(struct bytes file)
{
    return dag_root(&DAG_LAYOUT_DEFAULT, file);
}

/* The ways in which IPFS tools cut files into DAGs: Kubo's long-standing default, the profile of
 * 2025 that Helia shares, and version 0's with wrapped leaves. A name does not tell which it was. */
static const struct dag_layout dag_layouts[] = {
    { 256 << 10, 174, false, 0 },
    { 1 << 20, 1024, false, 0 },
    { 256 << 10, 174, true, 0 },
};

bool cid_matches(const struct cid *cid, struct bytes file)
{
    u8 function = cid_hash_function(cid);
    if (cid_codec(cid) == CID_CODEC_RAW) {
        struct dag_layout whole = { UINT32_MAX, 2, false, function };
        struct cid root = dag_root(&whole, file);
        return file.size < UINT32_MAX && cid_equal(cid, &root);
    }
    for (usize i = 0; i < BASE_ARRAY_COUNT(dag_layouts); i++) {
        struct dag_layout layout = dag_layouts[i];
        layout.hash_function = function;
        struct cid root = dag_root(&layout, file);
        if (cid_equal(cid, &root))
            return true;
    }
    return false;
}
