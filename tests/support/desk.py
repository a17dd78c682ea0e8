"""A person before a machine's screen and keyboard."""
from machine import Machine
from monitor import Monitor
from screen import await_picture


class Desk:
    def __init__(self, words, bundle):
        self.monitor = Monitor()
        self.machine = Machine(words, bundle, screen="std", monitor=self.monitor)

    def see(self, *texts):
        """The screen, once it has all of that and is drawn to its end."""
        return await_picture(self.machine, lambda shown: all(text in "\n" + shown for text in texts), is_still=True).text

    def ready(self, *texts):
        """The screen, once it has all of that and a shell waits for a line."""
        return self.see(*texts, "\n$\n")

    def type(self, text):
        self.monitor.write(text)
