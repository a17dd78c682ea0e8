/* Private to tests/step. */
#ifndef TESTS_STEP_PROGRAMS_H
#define TESTS_STEP_PROGRAMS_H

/* With the modules that are in that folder. */
void test_programs(const char *folder);

#endif
