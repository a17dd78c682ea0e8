/* Content identifiers inside the kernel: the parts that cid.c, cid_text.c and cid_dag.c share.
 *
 * Binary form (CIDv1, multiformats/cid):  01 | codec | hash function | 20 | digest of 32 bytes,
 * each of the first four a varint of one byte for what is accepted here. */
#ifndef KERNEL_CID_H
#define KERNEL_CID_H

#include "kernel/kernel.h"

enum {
    CID_VERSION = 1,
    CID_CODEC_RAW = 0x55,
    CID_CODEC_DAG_PB = 0x70,
    CID_HASH_SHA256 = 0x12,
    CID_HASH_BLAKE3 = 0x1E,
    CID_DIGEST_SIZE = 32,
    CID_SIZE = 4 + CID_DIGEST_SIZE,
};

struct cid cid_make(u8 codec, u8 hash_function, const struct hash *digest);
u8 cid_codec(const struct cid *cid);
u8 cid_hash_function(const struct cid *cid);

/* How a file becomes a DAG: who cuts it how decides its name. */
struct dag_layout {
    u32 chunk_bytes;   /* of a leaf */
    u32 links_max;     /* of a node */
    bool wrapped;      /* leaves are UnixFS nodes too, not raw blocks */
    u8 hash_function;
};

/* What `ipfs add --cid-version=1` uses; here for SHA-256. */
extern const struct dag_layout DAG_LAYOUT_DEFAULT;

/* The name of the root of `file` laid out as a balanced DAG. */
struct cid dag_root(const struct dag_layout *layout, struct bytes file);

#endif
