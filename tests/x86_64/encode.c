/* Instructions of every form, with all kinds of operands, are what another disassembler takes them
 * for: its text is compared with one that is put together here. */
#include "engine/x86_64/encode.h"

#include "tests/tap.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 96, LINES_MAX = 100000, BYTES_MAX = 16, REGISTERS = 16 };

/* ---- What is expected ---- */

static char expected[LINES_MAX][LINE_BYTES];
static u32 expected_count;
static FILE *bytes_file;

static char *line_add(void)
{
    BASE_ASSERT(expected_count < LINES_MAX);
    return expected[expected_count++];
}

/* What has been encoded should have the text that was added last. */
static void encoded(struct assembler *as)
{
    for (const u8 *byte = as->start; byte < as->at; byte++)
        fprintf(bytes_file, "%s0x%02x", byte == as->start ? "" : ",", *byte);
    fprintf(bytes_file, "\n");
}

static struct assembler assembler(void)
{
    static u8 room[2 * BYTES_MAX];
    static u32 pool_uses[4];
    return (struct assembler){
        .start = room,
        .at = room,
        .end = room + sizeof(room),
        .pool_uses = pool_uses,
        .pool_use_capacity = 4,
    };
}

/* ---- Operands as text ---- */

/* Sizes: b w d q of integers, x of floats, o for 16 bytes in memory. */
static const char *register_name(char size, u32 number)
{
    static const char *const old[8] = { "ax", "cx", "dx", "bx", "sp", "bp", "si", "di" };
    static char names[8][8];
    static u32 at;
    char *name = names[at++ % 8];
    number &= 15;
    if (size == 'x')
        snprintf(name, sizeof(*names), "xmm%u", number);
    else if (number >= 8)
        snprintf(name, sizeof(*names), "r%u%s", number,
                 size == 'q' ? "" : (const char[]){ size, 0 });
    else if (size == 'b' && number < 4)
        snprintf(name, sizeof(*names), "%cl", old[number][0]);
    else if (size == 'b')
        snprintf(name, sizeof(*names), "%sl", old[number]);
    else
        snprintf(name, sizeof(*names), "%s%s", size == 'q' ? "r" : size == 'd' ? "e" : "",
                 old[number]);
    return name;
}

static void memory_text(char *text, char size, struct rm rm)
{
    const char *word = size == 'b' ? "byte" : size == 'w' ? "word" : size == 'd' ? "dword"
                     : size == 'q' ? "qword" : "xmmword";
    text += sprintf(text, size == 0 ? "[" : "%s ptr [", word);
    const char *plus = "";
    if (rm.base == BASE_CODE || rm.base == BASE_POOL)
        text += sprintf(text, "rip"), plus = " + ";
    else if (rm.base != NO_REGISTER)
        text += sprintf(text, "%s", register_name('q', rm.base)), plus = " + ";
    if (rm.index != NO_REGISTER) {
        text += sprintf(text, "%s", plus), plus = " + ";
        if (rm.scale != 0)
            text += sprintf(text, "%d*", 1 << rm.scale);
        text += sprintf(text, "%s", register_name('q', rm.index));
    }
    if (rm.displacement < 0 && *plus != 0)
        text += sprintf(text, " - %lld", -(long long)rm.displacement);
    else if (rm.displacement != 0 || *plus == 0)
        text += sprintf(text, "%s%d", plus, rm.displacement);
    strcpy(text, "]");
}

static void rm_text(char *text, char register_size, char memory_size, struct rm rm)
{
    if (rm.is_memory)
        memory_text(text, memory_size, rm);
    else
        strcpy(text, register_name(register_size, rm.base));
}

/* ---- Forms ---- */

enum { HAS_NO_REGISTER = 1, HAS_NO_MEMORY = 2, IS_VEX = 4 };

/* In a text R, M and V stand for operands, of which the sizes are given in that order: M has one as a
 * register and one in memory. An immediate is part of the text. */
struct row {
    const char *text;
    u32 form;
    u32 digit; /* instead of R */
    const char *sizes;
    u32 immediate;
    u32 flags;
};

#define WIDTHS(text, form) { text, form, 0, "ddd", 0, 0 }, { text, (form) | WIDE, 0, "qqq", 0, 0 }
#define FLOATS(text, form)                                                                        \
    { text "ss\tR, M", form, 0, "xxd", 0, 0 },                                                     \
        { text "sd\tR, M", (form) ^ DOUBLE, 0, "xxq", 0, 0 },                                      \
        { "v" text "ss\tR, V, M", form, 0, "xxdx", 0, IS_VEX },                                    \
        { "v" text "sd\tR, V, M", (form) ^ DOUBLE, 0, "xxqx", 0, IS_VEX }
#define PACKED(text, form)                                                                        \
    { text "\tR, M", form, 0, "xxo", 0, 0 }, { "v" text "\tR, V, M", form, 0, "xxox", 0, IS_VEX }
#define DIGITS(text, form, digit)                                                                 \
    { text "\tM", form, digit, "-dd", 0, 0 }, { text "\tM", (form) | WIDE, digit, "-qq", 0, 0 }

static const struct row rows[] = {
    WIDTHS("mov\tR, M", FORM_MOV),
    WIDTHS("mov\tM, R", FORM_MOV_STORE),
    { "mov\tM, R", FORM_MOV_STORE_8, 0, "bbb", 0, 0 },
    { "mov\tM, R", FORM_MOV_STORE_16, 0, "www", 0, 0 },
    { "mov\tM, 305419896", FORM_MOV_IMMEDIATE, 0, "-dd", 0x12345678, 0 },
    { "mov\tM, -2", FORM_MOV_IMMEDIATE | WIDE, 0, "-qq", 0xFFFFFFFE, 0 },
    { "mov\tM, 90", FORM_MOV_IMMEDIATE_8, 0, "-bb", 90, 0 },
    { "mov\tM, 1000", FORM_MOV_IMMEDIATE_16, 0, "-ww", 1000, 0 },
    { "movzx\tR, M", FORM_MOVZX_8, 0, "dbb", 0, 0 },
    { "movzx\tR, M", FORM_MOVZX_16, 0, "dww", 0, 0 },
    { "movsx\tR, M", FORM_MOVSX_8, 0, "dbb", 0, 0 },
    { "movsx\tR, M", FORM_MOVSX_8 | WIDE, 0, "qbb", 0, 0 },
    { "movsx\tR, M", FORM_MOVSX_16, 0, "dww", 0, 0 },
    { "movsx\tR, M", FORM_MOVSX_16 | WIDE, 0, "qww", 0, 0 },
    { "movsxd\tR, M", FORM_MOVSX_32, 0, "qdd", 0, 0 },
    WIDTHS("test\tM, R", FORM_TEST),
    { "test\tM, 77", FORM_TEST_IMMEDIATE_8, 0, "-bb", 77, 0 },
    WIDTHS("imul\tR, M", FORM_IMUL),
    DIGITS("not", FORM_GROUP_F7, DIGIT_NOT),
    DIGITS("neg", FORM_GROUP_F7, DIGIT_NEG),
    DIGITS("mul", FORM_GROUP_F7, DIGIT_MUL),
    DIGITS("imul", FORM_GROUP_F7, DIGIT_IMUL),
    DIGITS("div", FORM_GROUP_F7, DIGIT_DIV),
    DIGITS("idiv", FORM_GROUP_F7, DIGIT_IDIV),
    WIDTHS("cmove\tR, M", FORM_CMOV + COND_E),
    WIDTHS("cmovge\tR, M", FORM_CMOV + COND_GE),
    { "sete\tM", FORM_SET + COND_E, 0, "-bb", 0, 0 },
    { "setbe\tM", FORM_SET + COND_BE, 0, "-bb", 0, 0 },
    { "call\tM", FORM_CALL, DIGIT_CALL, "-qq", 0, 0 },
    { "jmp\tM", FORM_JUMP, DIGIT_JUMP, "-qq", 0, 0 },
    WIDTHS("bsf\tR, M", FORM_BSF),
    WIDTHS("bsr\tR, M", FORM_BSR),
    WIDTHS("tzcnt\tR, M", FORM_TZCNT),
    WIDTHS("lzcnt\tR, M", FORM_LZCNT),
    WIDTHS("popcnt\tR, M", FORM_POPCNT),
    { "btc\tM, 63", FORM_BIT_IMMEDIATE | WIDE, DIGIT_BTC, "-qq", 63, 0 },
    { "shl\tM, cl", SHIFT_BY_CL, SHIFT_SHL, "-dd", 0, 0 },
    { "ror\tM, cl", SHIFT_BY_CL | WIDE, SHIFT_ROR, "-qq", 0, 0 },
    { "shlx\tR, M, V", FORM_SHLX, 0, "dddd", 0, IS_VEX },
    { "shlx\tR, M, V", FORM_SHLX | WIDE, 0, "qqqq", 0, IS_VEX },
    { "shrx\tR, M, V", FORM_SHRX, 0, "dddd", 0, IS_VEX },
    { "sarx\tR, M, V", FORM_SARX | WIDE, 0, "qqqq", 0, IS_VEX },
    { "rorx\tR, M, 9", FORM_RORX, 0, "ddd", 9, IS_VEX },
    { "rorx\tR, M, 41", FORM_RORX | WIDE, 0, "qqq", 41, IS_VEX },
    { "andn\tR, V, M", FORM_ANDN | WIDE, 0, "qqqq", 0, IS_VEX },
    FLOATS("sqrt", FORM_SQRT),
    FLOATS("add", FORM_ADD),
    FLOATS("mul", FORM_MUL),
    FLOATS("sub", FORM_SUB),
    FLOATS("min", FORM_MIN),
    FLOATS("div", FORM_DIV),
    FLOATS("max", FORM_MAX),
    { "movss\tR, M", FORM_MOVS, 0, "xxd", 0, 0 },
    { "movsd\tR, M", FORM_MOVS ^ DOUBLE, 0, "xxq", 0, 0 },
    { "vmovss\tM, R", FORM_MOVS_STORE, 0, "x-d", 0, IS_VEX },
    { "vmovsd\tR, M", FORM_MOVS ^ DOUBLE, 0, "x-q", 0, IS_VEX },
    { "movsd\tM, R", FORM_MOVS_STORE ^ DOUBLE, 0, "x-q", 0, 0 },
    { "movaps\tR, M", FORM_MOVAPS, 0, "xxo", 0, 0 },
    { "vmovaps\tR, M", FORM_MOVAPS, 0, "xxo", 0, IS_VEX },
    { "ucomiss\tR, M", FORM_COMPARE, 0, "xxd", 0, 0 },
    { "vucomisd\tR, M", FORM_COMPARE_DOUBLE, 0, "xxq", 0, IS_VEX },
    PACKED("andps", FORM_ANDPS),
    PACKED("orps", FORM_ORPS),
    PACKED("xorps", FORM_XORPS),
    { "cvtss2sd\tR, M", FORM_CONVERT_FLOAT, 0, "xxd", 0, 0 },
    { "vcvtsd2ss\tR, V, M", FORM_CONVERT_FLOAT ^ DOUBLE, 0, "xxqx", 0, IS_VEX },
    { "cvtsi2ss\tR, M", FORM_CONVERT_INTEGER, 0, "xdd", 0, 0 },
    { "cvtsi2sd\tR, M", (FORM_CONVERT_INTEGER ^ DOUBLE) | WIDE, 0, "xqq", 0, 0 },
    { "vcvtsi2sd\tR, V, M", (FORM_CONVERT_INTEGER ^ DOUBLE) | WIDE, 0, "xqqx", 0, IS_VEX },
    { "cvttss2si\tR, M", FORM_TRUNCATE, 0, "dxd", 0, 0 },
    { "vcvttsd2si\tR, M", (FORM_TRUNCATE ^ DOUBLE) | WIDE, 0, "qxq", 0, IS_VEX },
    { "roundss\tR, M, 9", FORM_ROUND, 0, "xxd", 9, 0 },
    { "vroundsd\tR, V, M, 10", FORM_ROUND_DOUBLE, 0, "xxqx", 10, IS_VEX },
    { "movd\tR, M", FORM_MOVD, 0, "xdd", 0, 0 },
    { "vmovq\tM, R", FORM_MOVD_STORE | WIDE, 0, "xqq", 0, IS_VEX },
    { "movd\tM, R", FORM_MOVD_STORE, 0, "xdd", 0, 0 },
    { "pextrb\tM, R, 0", FORM_PEXTRB, 0, "x-b", 0, 0 },
    { "vpextrw\tM, R, 0", FORM_PEXTRW, 0, "x-w", 0, IS_VEX },
    WIDTHS("lea\tR, M", FORM_LEA),
};

static void row_text(const struct row *row, u32 reg, u32 vector, struct rm rm)
{
    char *text = line_add();
    for (const char *from = row->text; *from != 0; from++) {
        if (*from == 'R')
            strcpy(text, register_name(row->sizes[0], reg));
        else if (*from == 'V')
            strcpy(text, register_name(row->sizes[3], vector));
        else if (*from == 'M')
            rm_text(text, row->sizes[1], (row->form & ~(u32)WIDE) == FORM_LEA ? 0 : row->sizes[2], rm);
        else
            text[0] = *from, text[1] = 0;
        text += strlen(text);
    }
}

static void row_encode(const struct row *row, u32 reg, u32 vector, struct rm rm)
{
    struct assembler as = assembler();
    const u32 reg_vector[2] = { reg, vector };
    if ((row->flags & IS_VEX) != 0 && row->form >> IMMEDIATE_SHIFT != 0)
        encode_vex_immediate(&as, row->form, reg_vector, rm, row->immediate);
    else if ((row->flags & IS_VEX) != 0)
        encode_vex(&as, row->form, reg, vector, rm);
    else if (row->form >> IMMEDIATE_SHIFT != 0)
        encode_immediate(&as, row->form, reg, rm, row->immediate);
    else
        encode(&as, row->form, reg, rm);
    encoded(&as);
}

static void row_case(const struct row *row, u32 reg, struct rm rm)
{
    bool has_vector = strchr(row->text, 'V') != NULL;
    u32 first = row->sizes[0] == '-' ? row->digit : row->sizes[0] == 'x' ? reg + XMM0 : reg;
    u32 vector = !has_vector ? 0 : row->sizes[3] == 'x' ? XMM0 + (reg * 7 + 3) % 16 : (reg * 5 + 1) % 16;
    row_text(row, reg, vector, rm);
    row_encode(row, first, vector, rm);
}

/* ---- Operands of all kinds ---- */

static u32 memories_make(struct rm *memories)
{
    static const i32 displacements[] = { 0, 8, -128, 127, 128, -129, 0x12345678 };
    u32 count = 0;
    for (u32 base = 0; base < REGISTERS; base++) {
        for (u32 n = 0; n < BASE_ARRAY_COUNT(displacements); n++)
            memories[count++] = rm_at(base, displacements[n]);
        for (u32 scale = 0; scale < 4; scale++) {
            u32 index = (base * 3 + scale * 5 + 12) % REGISTERS;
            if (index == RSP)
                index = R12;
            memories[count++] =
                (struct rm){ (u8)base, (u8)index, scale & 3, true, displacements[(base + scale) % 7] };
            memories[count++] = (struct rm){ (u8)base, (u8)index, scale & 3, true, 0 };
        }
    }
    for (u32 index = 0; index < REGISTERS; index++) {
        if (index != RSP)
            memories[count++] = (struct rm){ NO_REGISTER, (u8)index, 3, true, 64 };
    }
    return count;
}

static void rows_run(void)
{
    static struct rm memories[512];
    u32 memory_count = memories_make(memories);
    for (u32 n = 0; n < BASE_ARRAY_COUNT(rows); n++) {
        const struct row *row = &rows[n];
        bool is_lea = (row->form & ~(u32)WIDE) == FORM_LEA;
        u32 xmm = row->sizes[1] == 'x' ? (u32)XMM0 : 0;
        for (u32 reg = 0; reg < REGISTERS && row->sizes[1] != '-' && !is_lea; reg++) {
            for (u32 other = 0; other < REGISTERS; other++)
                row_case(row, reg, rm_register(other + xmm));
        }
        for (u32 k = 0; k < memory_count; k++)
            row_case(row, k % REGISTERS, memories[k]);
    }
}

/* ---- Families ---- */

static const i32 immediates[] = { 0, 1, -1, 5, 127, 128, -128, -129, 300, INT32_MAX, INT32_MIN };

static void alu_case(u32 number, u32 wide, struct rm rm, i32 immediate)
{
    static const char *const names[8] = { "add", "or", "adc", "sbb", "and", "sub", "xor", "cmp" };
    struct assembler as = assembler();
    char *text = line_add();
    char operand[LINE_BYTES / 2];
    char size = wide != 0 ? 'q' : 'd';
    rm_text(operand, size, size, rm);
    bool is_unsigned = wide == 0 && immediate < INT8_MIN; /* as the disassembler shows it */
    snprintf(text, LINE_BYTES, "%s\t%s, %lld", names[number], operand,
             is_unsigned ? (long long)(u32)immediate : (long long)immediate);
    encode_alu_immediate(&as, number, wide, rm, immediate);
    encoded(&as);
}

static void alu_run(void)
{
    for (u32 number = 0; number < 8; number++) {
        for (u32 n = 0; n < 2 * BASE_ARRAY_COUNT(immediates); n++) {
            u32 wide = n % 2 != 0 ? WIDE : 0;
            for (u32 reg = 0; reg < REGISTERS; reg++) {
                alu_case(number, wide, rm_register(reg), immediates[n / 2]);
                alu_case(number, wide, rm_at(reg, 16), immediates[n / 2]);
            }
        }
    }
}

static void shift_run(void)
{
    static const char *const names[8] = { "rol", "ror", "", "", "shl", "shr", "", "sar" };
    for (u32 number = 0; number < 8; number++) {
        for (u32 count = 1; count < 64 && names[number][0] != 0; count += 6) {
            struct assembler as = assembler();
            u32 reg = (number + count) % REGISTERS;
            char *text = line_add();
            snprintf(text, LINE_BYTES, count == 1 ? "%s\t%s" : "%s\t%s, %u", names[number],
                     register_name('q', reg), count);
            encode_shift_immediate(&as, number, WIDE, rm_register(reg), count);
            encoded(&as);
        }
    }
}

static void imul_run(void)
{
    for (u32 n = 0; n < BASE_ARRAY_COUNT(immediates); n++) {
        for (u32 reg = 0; reg < REGISTERS; reg++) {
            struct assembler as = assembler();
            u32 other = (reg * 7 + n) % REGISTERS;
            snprintf(line_add(), LINE_BYTES, "imul\t%s, %s, %d", register_name('q', reg),
                     register_name('q', other), immediates[n]);
            encode_imul_immediate(&as, WIDE, reg, rm_register(other), immediates[n]);
            encoded(&as);
        }
    }
}

static void constant_run(void)
{
    static const u64 constants[] = { 0, 1, 0x7FFFFFFF, 0x80000000, UINT32_MAX, 0x123456789ABCDEF0 };
    for (u32 reg = 0; reg < REGISTERS; reg++) {
        for (u32 n = 0; n < BASE_ARRAY_COUNT(constants); n++) {
            struct assembler as = assembler();
            bool is_long = constants[n] > UINT32_MAX;
            snprintf(line_add(), LINE_BYTES, is_long ? "movabs\t%s, %llu" : "mov\t%s, %llu",
                     register_name(is_long ? 'q' : 'd', reg), (unsigned long long)constants[n]);
            encode_constant(&as, reg, constants[n]);
            encoded(&as);
        }
        struct assembler as = assembler();
        snprintf(line_add(), LINE_BYTES, "mov\t%s, -3", register_name('q', reg));
        encode_constant(&as, reg, (u64)-3);
        encoded(&as);
    }
}

static void plain_run(void)
{
    static const struct {
        u32 form;
        const char *text;
    } plain[] = { { FORM_CDQ, "cdq" }, { FORM_CDQ | WIDE, "cqo" }, { FORM_RET, "ret" }, { FORM_UD2, "ud2" } };
    for (u32 n = 0; n < BASE_ARRAY_COUNT(plain); n++) {
        struct assembler as = assembler();
        strcpy(line_add(), plain[n].text);
        encode_plain(&as, plain[n].form);
        encoded(&as);
    }
}

/* Displacements from rip are from the instruction's end, immediate included. */
static void relative_run(void)
{
    struct assembler as = assembler();
    strcpy(line_add(), "mov\trax, qword ptr [rip + 93]");
    encode(&as, FORM_MOV | WIDE, RAX, rm_at(BASE_CODE, 100));
    encoded(&as);
    as = assembler();
    strcpy(line_add(), "mov\tqword ptr [rip + 89], 7");
    encode_immediate(&as, FORM_MOV_IMMEDIATE | WIDE, 0, rm_at(BASE_CODE, 100), 7);
    encoded(&as);
    as = assembler();
    strcpy(line_add(), "vaddsd\txmm1, xmm2, qword ptr [rip + 1000]");
    encode_vex(&as, FORM_ADD ^ DOUBLE, XMM0 + 1, XMM0 + 2, rm_at(BASE_POOL, 8));
    assembler_link_pool(&as, 1000);
    encoded(&as);
}

/* ---- The comparison ---- */

/* The text of the next instruction, without its comment; false: there is no more. */
static bool line_read(FILE *file, char *line, usize size)
{
    while (fgets(line, (int)size, file) != NULL) {
        line[strcspn(line, "#\n")] = 0;
        usize end = strlen(line);
        while (end != 0 && (line[end - 1] == ' ' || line[end - 1] == '\t'))
            line[--end] = 0;
        if (line[0] == '\t' && line[1] != '.') {
            memmove(line, line + 1, end);
            return true;
        }
    }
    return false;
}

static u32 compare(const char *path)
{
    char command[512];
    char line[2 * LINE_BYTES];
    snprintf(command, sizeof(command),
             "llvm-mc-19 --disassemble -triple=x86_64 --output-asm-variant=1 %s", path);
    FILE *file = popen(command, "r");
    u32 wrong = 0;
    u32 count = 0;
    for (; line_read(file, line, sizeof(line)); count++) {
        const char *text = count < expected_count ? expected[count] : "";
        if (strcmp(line, text) != 0 && wrong++ < 20)
            printf("# %s, not %s\n", line, text);
    }
    if (pclose(file) != 0 || count != expected_count)
        wrong++;
    printf("# %u instructions\n", count);
    return wrong;
}

static void test_full(void)
{
    u8 room[64] = { 0 };
    struct assembler as = { .start = room, .at = room, .end = room + 40 };
    for (u32 n = 0; n < 100; n++)
        encode_constant(&as, RAX, 0x123456789ABCDEF0);
    encode_link(&as, encode_jump(&as, COND_ALWAYS), 5);
    bool is_kept = true;
    for (u32 n = 40; n < sizeof(room); n++)
        is_kept &= room[n] == 0;
    TAP_OK(as.full && is_kept, "what does not fit is not written");
}

static void test_jumps(void)
{
    u8 room[512] = { 0 };
    struct assembler as = { .start = room, .at = room, .end = room + sizeof(room) };
    encode_jump_back(&as, COND_ALWAYS, 0);
    TAP_OK(as.at - room == 2 && room[0] == 0xEB && room[1] == 0xFE, "a jump to itself is short");
    as.at = room + 200;
    encode_jump_back(&as, COND_E, 0);
    i32 distance;
    memcpy(&distance, room + 202, sizeof(distance));
    TAP_OK(room[200] == 0x0F && room[201] == 0x84 && distance == -206, "a far one is long");
    u32 jump = encode_jump_short(&as, COND_P);
    encode_plain(&as, FORM_RET);
    encode_link_short(&as, jump);
    TAP_OK(room[206] == 0x7A && room[207] == 1, "a short one goes over an instruction");
}

int main(void)
{
    const char *folder = getenv("TMPDIR");
    char path[256];
    snprintf(path, sizeof(path), "%s/encode-XXXXXX", folder != NULL ? folder : P_tmpdir);
    test_full();
    test_jumps();
    if (system("llvm-mc-19 --version > /dev/null 2>&1") != 0) {
        printf("ok 5 # SKIP no disassembler\n1..5\n");
        return 0;
    }
    int file = mkstemp(path);
    bytes_file = fdopen(file, "w");
    rows_run();
    alu_run();
    shift_run();
    imul_run();
    constant_run();
    plain_run();
    relative_run();
    fclose(bytes_file);
    TAP_OK(compare(path) == 0, "every form is what the disassembler says");
    remove(path);
    return tap_done();
}
