// Counts the words of its standard input and tells them in order, with what the C++ library has
// for that: streams, a vector and a map.
#include <iostream>
#include <map>
#include <string>
#include <vector>

int main()
{
    std::vector<std::string> words;
    for (std::string word; std::cin >> word;)
        words.push_back(word);

    std::map<std::string, int> counts;
    for (const std::string &word : words)
        counts[word]++;

    std::cout << "Hello from C++: " << words.size() << " words\n";
    for (const auto &[word, count] : counts)
        std::cout << word << ' ' << count << '\n';
    return 0;
}
