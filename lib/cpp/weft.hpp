/* Weft for C++ (20): what `wit cpp` makes of an interface is written in these words, over the C of
 * lib/client.h, which says what a call gives and how long it lives.
 *
 *     weft::clock::client clock;
 *     if (auto now = clock.monotonic())
 *         std::cout << *now;
 *
 * Nothing throws. Strings and lists that an answer has are views into the client's buffer, good
 * until its next call. */
#ifndef LIB_CPP_WEFT_HPP
#define LIB_CPP_WEFT_HPP

extern "C" {
#include "lib/client.h"
#include "lib/server.h"
}

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace weft {

inline constexpr std::uint32_t default_capacity = 1 << 16;

/* Why there is no value, or the value. */
template <typename T> struct answer {
    weft_status status = WEFT_INVALID;
    T value{};
    explicit operator bool() const { return status == WEFT_OK; }
    const T &operator*() const { return value; }
    const T *operator->() const { return &value; }
};

/* A slot with the buffer that calls need. It does not close its slot: `close` does. */
class caller {
  public:
    caller(std::int32_t slot, std::uint32_t capacity)
        : buffer_(new std::uint64_t[(capacity + 7) / 8])
    {
        client_.slot = slot;
        client_.buffer = reinterpret_cast<std::uint8_t *>(buffer_.get());
        client_.capacity = capacity;
    }
    std::int32_t slot() const { return client_.slot; }
    void close() { server_close(&client_.slot, 1); }

  protected:
    weft_client *raw() { return &client_; }

  private:
    std::unique_ptr<std::uint64_t[]> buffer_;
    weft_client client_{};
};

inline weft_bytes bytes_of(std::string_view text)
{
    return { reinterpret_cast<const std::uint8_t *>(text.data()),
             static_cast<std::uint32_t>(text.size()) };
}

inline weft_bytes bytes_of(std::span<const std::uint8_t> bytes)
{
    return { bytes.data(), static_cast<std::uint32_t>(bytes.size()) };
}

inline std::string_view text_of(weft_bytes bytes)
{
    return { reinterpret_cast<const char *>(bytes.data), bytes.size };
}

inline std::span<const std::uint8_t> span_of(weft_bytes bytes)
{
    return { bytes.data, bytes.size };
}

}

#endif
