/* The standard library's vector: each of its ways to grow and to shrink. */
extern "C" {
#include "programs/showcase/showcase.h"
}

#include <numeric>
#include <vector>

using numbers = std::vector<int>;
static bool failed;

static void check(const char *what, bool right)
{
    show("%s: %s\n", what, right ? "passed" : "FAILED");
    failed |= !right;
}

int showcase(int, char **)
{
    numbers all;
    for (int i = 0; i < 1000; i++)
        all.push_back(i);
    check("push back", all.size() == 1000 && std::accumulate(all.begin(), all.end(), 0) == 499500);
    all.pop_back();
    check("pop back", all.back() == 998 && all.size() == 999);
    all.reserve(5000);
    check("reserve", all.capacity() >= 5000 && all[500] == 500);
    all.resize(10);
    all.resize(12, 7);
    check("resize", all == numbers{ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 7, 7 });
    numbers copy = all;
    all.clear();
    check("clear", all.empty() && copy.size() == 12);
    copy.insert(copy.begin() + 1, { -1, -2 });
    check("insert", copy.size() == 14 && copy[1] == -1 && copy[3] == 1);
    copy.erase(copy.begin(), copy.begin() + 4);
    copy.erase(copy.end() - 2, copy.end());
    copy.shrink_to_fit();
    check("erase", copy == numbers{ 2, 3, 4, 5, 6, 7, 8, 9 });
    return failed ? 1 : 0;
}
