"""A person before a machine's screen and keyboard."""
from machine import Machine
from monitor import Monitor
from screen import await_picture


class Desk:
    def __init__(self, words, bundle):
        self.monitor = Monitor()
        self.machine = Machine(words, bundle, screen="std", monitor=self.monitor)

    def see(self, *texts, ends=""):
        """The screen, once it has all of that and is drawn to its end: two pictures of it are the same."""
        pictures = [None]

        def is_drawn(shown):
            pictures.append(shown)
            return shown == pictures[-2] and shown.endswith(ends) and all(text in shown for text in texts)
        return await_picture(self.machine, is_drawn).text

    def ready(self, *texts):
        """The screen, once a shell waits for a line below all of that."""
        return self.see(*texts, ends="$\n")

    def type(self, text):
        self.monitor.write(text)
