#include "programs/manifest/model.h"

namespace {

bool is_same(const Handle &a, const Handle &b)
{
    return a.hash == b.hash && a.tag == b.tag;
}

/* What of it the user uses; NULL: nothing. */
const Handle *use_of(const Service &user, const Service &other)
{
    for (const Handle &use : user.uses)
        for (const Handle &handle : other.handles)
            if (is_same(use, handle))
                return &use;
    return nullptr;
}

std::string shown(const Handle &handle)
{
    return handle.tag.empty() ? handle.name : handle.name + "#" + handle.tag;
}

/* For the session, and for whoever uses it, an interface has one handler. */
void check_handlers(const Manifest &manifest, Problems &problems)
{
    const std::vector<Service> &services = manifest.services;
    for (size_t i = 0; i < services.size(); i++)
        for (size_t k = 0; k < i; k++)
            for (const Handle &handle : services[i].handles)
                for (const Handle &other : services[k].handles)
                    if (is_same(handle, other) && services[i].for_session == services[k].for_session)
                        complain(problems, handle.at,
                                 "both \"" + services[k].name + "\" and \"" + services[i].name +
                                     "\" handle " + shown(handle) +
                                     ": give one of them a tag, as in \"" + handle.name + "#" +
                                     services[i].name + "\"");
}

enum class Mark { untouched, on_the_way, placed };

/* Depth first; a service that is met on the way to itself closes a ring. */
class Order {
  public:
    Order(Manifest &manifest, Problems &problems)
        : services(manifest.services), problems(problems), marks(services.size(), Mark::untouched)
    {
    }

    void place_all(std::vector<Service> &result)
    {
        for (size_t i = 0; i < services.size(); i++)
            place(i);
        for (size_t index : placed)
            result.push_back(services[index]);
    }

  private:
    std::vector<Service> &services;
    Problems &problems;
    std::vector<Mark> marks;
    std::vector<size_t> way;
    std::vector<size_t> placed;

    /* At the place where its first one says that it uses the next. */
    void tell_ring(size_t first)
    {
        std::string text = "these wait for each other: ";
        size_t at = 0;
        while (way[at] != first)
            at++;
        const Service &next = services[at + 1 < way.size() ? way[at + 1] : first];
        Position place = use_of(services[first], next)->at;
        for (; at < way.size(); at++)
            text += services[way[at]].name + " for " +
                    services[at + 1 < way.size() ? way[at + 1] : first].name +
                    (at + 1 < way.size() ? ", " : "");
        complain(problems, place, text);
    }

    /* As deep as there are services, at most SERVICES_MAX. */
    void place(size_t index)
    {
        if (marks[index] == Mark::placed)
            return;
        if (marks[index] == Mark::on_the_way) {
            tell_ring(index);
            return;
        }
        marks[index] = Mark::on_the_way;
        way.push_back(index);
        for (size_t k = 0; k < services.size(); k++)
            if (k != index && use_of(services[index], services[k]) != nullptr)
                place(k);
        way.pop_back();
        marks[index] = Mark::placed;
        placed.push_back(index);
    }
};

} // namespace

void order_services(Manifest &manifest, Problems &problems)
{
    std::vector<Service> ordered;
    check_handlers(manifest, problems);
    Order(manifest, problems).place_all(ordered);
    manifest.services = std::move(ordered);
}
