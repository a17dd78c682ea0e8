/* The 8042: two ports with a device each, one buffer that both send through, and commands of its
 * own (the IBM PS/2 Hardware Interface Technical Reference, "Keyboard and Auxiliary Device
 * Controller"). Nothing here waits longer than for what it names. */
#ifndef PROGRAMS_DRIVER_PS2_CONTROLLER_H
#define PROGRAMS_DRIVER_PS2_CONTROLLER_H

#include "lib/driver.h"

enum controller_port { CONTROLLER_KEYBOARD, CONTROLLER_MOUSE, CONTROLLER_PORTS };

struct controller {
    struct driver *driver;
    bool has[CONTROLLER_PORTS]; /* its port works */
};

struct controller_byte {
    uint8_t value;
    enum controller_port port;
    bool is_broken; /* on its way to the controller */
};

/* Tests the controller and its ports, and sets it up: keys as scan code set 1, interrupts of the
 * ports that work. False: there is none, or it fails its test. */
bool controller_start(struct controller *controller, struct driver *driver);
/* What a device has sent, if there is something. */
bool controller_receive(struct controller *controller, struct controller_byte *byte);
/* To a device. False: the controller does not take it. */
bool controller_send(struct controller *controller, enum controller_port port, uint8_t byte);
/* Sends a byte and waits for the device to say that it has it. */
bool controller_ask(struct controller *controller, enum controller_port port, uint8_t byte);
/* The next byte of a device within the time, or -1. What the other one sends meanwhile is lost. */
int controller_await(struct controller *controller, enum controller_port port, uint64_t time_ns);

#endif
