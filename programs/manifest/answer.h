/* From a manifest to the interface's answer. */
#ifndef PROGRAMS_MANIFEST_ANSWER_H
#define PROGRAMS_MANIFEST_ANSWER_H

#include "programs/manifest/model.h"

extern "C" {
#include "interface/manifest.h"
}

/* False: it does not fit into the writer's buffer. */
bool encode_answer(const Manifest &manifest, const Problems &problems, const Problems &remarks,
                   body_writer *writer);
bool encode_description(const std::string &text, const Problems &problems, body_writer *writer);

#endif
