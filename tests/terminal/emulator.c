/* What bytes make of the screen. */
#include "programs/terminal/emulator.h"
#include "programs/terminal/marks.h"
#include "tests/tap.h"
#include "tests/terminal/support/screen.h"

#include <stdlib.h>
#include <string.h>

static void test_text(void)
{
    screen_begin(10, 4);
    screen_write("one\r\ntwo\n");
    TAP_OK(screen_row_is(0, "one") && screen_row_is(1, "two") && screen_cursor_is(2, 3),
           "lines, and a new line that does not return");
    screen_write("\r\xC3\xA4\xE2\x82");
    screen_write("\xAC\xF0\x9F\x98\x80");
    TAP_OK(screen_row_is(2, "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80") && screen_cursor_is(2, 4),
           "UTF-8, also in pieces; the smile is wide");
    screen_write("\r\n\xFF\xC3(\xE2\x82");
    screen_write("x\xC2\x85y");
    TAP_OK(screen_row_is(3, "\xEF\xBF\xBD\xEF\xBF\xBD(\xEF\xBF\xBDxy"),
           "what is not well-formed is replaced, control characters in UTF-8 are dropped");
    screen_begin(10, 4);
    screen_write("\x1b\r\n[1;1H\x1b[2Jok");
    TAP_OK(screen_row_is(0, "ok"), "control characters within a sequence are lost");
    screen_write("\x1bP$q\x1b");
    screen_write("\n");
    screen_write("\x1b\\!");
    TAP_OK(screen_row_is(0, "ok!"), "  and within a string");
}

static void test_parameters(void)
{
    screen_begin(10, 2);
    screen_write("\x1B[;;;;;;;;;;;;;;;1ma");
    TAP_OK(screen_row_is(0, "a") && (screen_cell(0, 0)->ink & CELL_BOLD) != 0, "sixteen parameters");
    screen_write("\x1B[m\x1B[;;;;;;;;;;;;;;;;1mb");
    TAP_OK(screen_row_is(0, "ab") && (screen_cell(0, 1)->ink & CELL_BOLD) == 0, "one more is passed over");
    screen_write("\x1B[?");
    for (int i = 0; i < 100000; i++)
        screen_write(i % 3 == 0 ? ":\x01\x7F" : i % 3 == 1 ? "\xCC\x81;" : "9;");
    screen_write("zc;;;;;;;;;;;;;;;;;");
    TAP_OK(screen_row_is(0, "abc;;;;;;;") && screen_row_is(1, ";;;;;;;;;;"),
           "and so are very many, with marks and control characters among them");
    screen_begin(10, 2);
    screen_write("\x1B\xC3\xA4\x07\xFF[;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;1mx");
    TAP_OK(screen_row_is(0, "x"), "characters between an escape and what it begins");
}

static void test_repeating(void)
{
    screen_begin(6, 2);
    screen_write("\x1B[3bx\x1B[999b");
    TAP_OK(screen_row_is(0, "   xxx"), "repeating before any character: blanks; it ends at the line's end");
    screen_write("\x1B[2;1H\xE4\xB8\x80\xCC\x81\x1B[999b");
    TAP_OK(screen_row_is(1, "\xE4\xB8\x80\xE4\xB8\x80\xE4\xB8\x80"), "the wide too, however often");
}

static uint32_t mark_at(uint32_t row, uint32_t column)
{
    return marks_drawn(screen_cell(row, column));
}

static void test_marks(void)
{
    screen_begin(10, 4);
    for (int i = 0; i < 100000; i++)
        screen_write("\xCC\x81");
    screen_write("e\xCC\x81\x1B[m!");
    TAP_OK(screen_row_is(0, "\xC3\xA9!"), "a letter and its mark are one character; before any there is nothing to mark");
    screen_write("\r\nu\xCC\x88\xCC\x81x\xCC");
    screen_write("\x82");
    TAP_OK(screen_row_is(1, "\xC3\xBCx") && mark_at(1, 0) == 0xB4 && mark_at(1, 1) == 0x2C6,
           "where the font has none together, the mark is drawn over it");
    for (int i = 0; i < 100000; i++)
        screen_write("\xCC\x83");
    TAP_OK(screen_row_is(1, "\xC3\xBCx") && mark_at(1, 1) == 0x2C6 && screen_cursor_is(1, 2),
           "  one of them; others are passed over, however many");
    screen_write("\r\x1B[K\xCC\x81\xE4\xB8\x80\xCC\x81y\xE2\x83\x9D");
    TAP_OK(screen_row_is(1, "\xE4\xB8\x80y") && mark_at(1, 0) == 0 && mark_at(1, 2) == 0,
           "no mark on what is erased, on what is wide, or that the font cannot show");
    screen_write("\x1B[1;1He\x1B[?1049h\xCC\x81\x1B[?1049l");
    TAP_OK(screen_row_is(0, "e!"), "a mark on the other screen changes nothing here");
    screen_write("\x1B[1;1Hx\xCC\x82\x1B[4;1H\n");
    struct cell line[10];
    history_read(&screen_history, 0, line, 10);
    TAP_OK(marks_drawn(&line[0]) == 0x2C6, "history keeps marks");
}

static void test_wide(void)
{
    screen_begin(6, 2);
    screen_write("\xE4\xB8\x80\xE4\xB8\x80");
    TAP_OK(screen_cell(0, 0)->character == (0x4E00 | CELL_WIDE) &&
               screen_cell(0, 1)->character == CELL_SECOND && screen_cursor_is(0, 4),
           "a wide character has two places");
    screen_write("\x1B[1;2Hx");
    TAP_OK(screen_row_is(0, " x\xE4\xB8\x80"), "over its second half: the first is blank");
    screen_write("\x1B[1;3Hy");
    TAP_OK(screen_row_is(0, " xy "), "over its first: the second is blank");
    screen_write("\x1B[2;6H\xE4\xB8\x80");
    TAP_OK(screen_row_is(1, "\xE4\xB8\x80") && screen_row_is(0, "     "),
           "it does not stand at the edge: it goes to the next line");
    screen_begin(6, 2);
    screen_write("a\xE4\xB8\x80\xE4\xB8\x80\x1B[1;1H\x1B[2@");
    TAP_OK(screen_row_is(0, "  a\xE4\xB8\x80"), "pushed over the edge by a half: it is gone");
    screen_write("\x1B[1;5H\x1B[P");
    TAP_OK(screen_row_is(0, "  a"), "deleted by a half: so is the other");
}

static void test_colours(void)
{
    screen_begin(20, 2);
    screen_write("\x1B[31;1;4;44ma\x1B[0m\x1B[38;5;200;48;2;1;2;3;7mb\x1B[m\x1B[97mc\x1B[9;8md\x1B[me");
    const struct cell *cell = screen_cell(0, 0);
    TAP_OK(cell[0].ink == (COLOUR_INDEX | 1 | CELL_BOLD | CELL_UNDERLINE) &&
               cell[0].paper == (COLOUR_INDEX | 4),
           "red, bold and underlined on blue");
    TAP_OK(cell[1].ink == (COLOUR_INDEX | 200 | CELL_REVERSE) &&
               cell[1].paper == (COLOUR_RGB | 0x010203),
           "one of 256 on one of 16 million, reversed");
    TAP_OK(cell[2].ink == (COLOUR_INDEX | 15) &&
               cell[3].ink == (COLOUR_INDEX | 15 | CELL_STRIKE | CELL_CONCEAL) && cell[4].ink == 0 &&
               cell[4].paper == 0,
           "a bright one; struck through and hidden; the usual ones");
    screen_write("\r\n\x1B[45m\x1B[K");
    TAP_OK(screen_cell(1, 7)->paper == (COLOUR_INDEX | 5), "erasing leaves the paper's colour");
}

static void test_editing(void)
{
    screen_begin(10, 4);
    screen_write("abcdef\x1B[3G\x1B[2@");
    TAP_OK(screen_row_is(0, "ab  cdef"), "characters are inserted");
    screen_write("\x1B[4P");
    TAP_OK(screen_row_is(0, "abef"), "  and deleted");
    screen_write("\r\n2\r\n3\r\n4\x1B[2;1H\x1B[L");
    TAP_OK(screen_row_is(1, "") && screen_row_is(2, "2") && screen_row_is(3, "3"),
           "a line is inserted");
    screen_write("\x1B[2M");
    TAP_OK(screen_row_is(1, "3") && screen_row_is(2, ""), "  two are deleted");
    screen_write("\x1B[2;3r\x1B[3;1Hx\n\ry\x1B[r");
    TAP_OK(screen_row_is(0, "abef") && screen_row_is(1, "x") && screen_row_is(2, "y"),
           "a part of the screen scrolls");
    TAP_OK(screen_history.count == 0, "  and nothing of it is history");
    screen_write("\x1B[?69h\x1B[2;4s\x1B[1;2H\x1B[999T\x1B[?69l\x1B[2J");
    TAP_OK(screen_row_is(0, "") && screen_row_is(3, ""), "all is erased");
}

static void test_history(void)
{
    struct cell line[10];
    screen_begin(10, 3);
    screen_write("1\r\n2\r\n3\r\n4\r\n5");
    history_read(&screen_history, 0, line, 10);
    TAP_OK(screen_history.count == 2 && line[0].character == '2' && screen.pushed == 2,
           "what leaves at the top is history");
    screen_write("\x1B[?1049h\x1B[Ha\r\nb\r\nc\r\nd\r\n");
    TAP_OK(screen_history.count == 2 && screen_row_is(0, "c"), "the other screen has none");
    screen_write("\x1B[?1049l");
    TAP_OK(screen_row_is(0, "3") && screen_row_is(2, "5") && screen_cursor_is(2, 1),
           "  and leaves the first as it was");
    emulator_return(&screen, (const uint8_t *)"\x1B[?1047h", 8);
    TAP_OK(screen_row_is(0, "c") && screen_row_is(1, "d"), "  the other one comes back as it was");
    screen_write("\x1B[2J");
    TAP_OK(screen_row_is(0, ""), "  and can be erased");
    screen_write("a\x1B[?1049l\x1B[?1049h");
    TAP_OK(screen_row_is(0, "") && screen_row_is(1, ""), "  as it is when it is entered anew");
    screen_write("\x1B[?1049l\x1B[3J");
    TAP_OK(screen_history.count == 0, "history can be forgotten");
}

static void test_modes(void)
{
    screen_begin(10, 3);
    screen_write("\x1B[?25l\x1B[4 q\x1B[?5h");
    TAP_OK(screen.cursor_hidden && screen.cursor_shape == CURSOR_UNDERLINE && screen.reversed,
           "the cursor hides and changes its shape, the screen is reversed");
    screen_write("\x1B[?25h\x1B[?5l\x1B[2 q");
    TAP_OK(!screen.cursor_hidden && screen.cursor_shape == CURSOR_BLOCK && !screen.reversed,
           "  and back");
    screen_write("ab\x1B[6n");
    TAP_OK(screen_typed("\x1B[1;3R"), "where the cursor is, is answered");
}

static void test_keys(void)
{
    screen_begin(10, 3);
    emulator_press(&screen, KEY_UP, 0);
    emulator_press(&screen, KEY_HOME, 0);
    TAP_OK(screen_typed("\x1B[A\x1B[H"), "cursor keys");
    screen_write("\x1B[?1h");
    emulator_press(&screen, KEY_UP, 0);
    emulator_press(&screen, KEY_END, 0);
    TAP_OK(screen_typed("\x1BOA\x1BOF"), "  as applications want them");
    emulator_press(&screen, KEY_LEFT, WITH_CONTROL);
    emulator_press(&screen, KEY_F1, 0);
    emulator_press(&screen, KEY_F12, WITH_SHIFT);
    emulator_press(&screen, KEY_DELETE, WITH_ALT);
    TAP_OK(screen_typed("\x1B[1;5D\x1BOP\x1B[24;2~\x1B[3;3~"), "functions, with others held");
    emulator_press(&screen, KEY_ENTER, WITH_SHIFT);
    emulator_press(&screen, KEY_BACKSPACE, WITH_CONTROL);
    emulator_press(&screen, KEY_TAB, WITH_SHIFT);
    emulator_press(&screen, KEY_ESCAPE, 0);
    emulator_press(&screen, KEY_NONE, 0);
    TAP_OK(screen_typed("\r\x7F\x1B[Z\x1B"), "enter, backspace, tab, escape, and nothing");
}

static void test_mouse(void)
{
    screen_begin(20, 5);
    emulator_point(&screen, 2, 10);
    emulator_click(&screen, 0, true);
    emulator_turn(&screen, true);
    TAP_OK(screen_typed("") && !screen.wants_mouse, "nobody is told of a mouse who has not asked");
    emulator_click(&screen, 0, false);
    screen_write("\x1B[?1000h\x1B[?1006h");
    emulator_click(&screen, 0, true);
    emulator_click(&screen, 0, false);
    TAP_OK(screen_typed("\x1B[<0;11;3M\x1B[<0;11;3m") && screen.wants_mouse, "a button, where it is");
    emulator_click(&screen, 1, true);
    emulator_click(&screen, 2, true);
    emulator_click(&screen, 3, true);
    TAP_OK(screen_typed("\x1B[<2;11;3M\x1B[<1;11;3M"), "  right and middle, and no others");
    emulator_turn(&screen, true);
    emulator_turn(&screen, false);
    TAP_OK(screen_typed("\x1B[<64;11;3M\x1B[<65;11;3M"), "the wheel");
    emulator_point(&screen, 4, 19);
    TAP_OK(screen_typed(""), "moves are not asked for");
    screen_write("\x1B[?1002h");
    emulator_point(&screen, 0, 0);
    TAP_OK(screen_typed("\x1B[<33;1;1M"), "  or are, while a button is down");
    screen_write("\x1B[?1002l\x1B[?1000l");
    emulator_point(&screen, 1, 1);
    TAP_OK(screen_typed("") && !screen.wants_mouse, "until it is not wanted any more");
}

int main(void)
{
    test_text();
    test_parameters();
    test_repeating();
    test_marks();
    test_wide();
    test_colours();
    test_editing();
    test_history();
    test_modes();
    test_keys();
    test_mouse();
    return tap_done();
}
