"""A network without one: keeps what a publisher posts, and answers as told."""

from collections.abc import Callable

from bmsreader.publishers.http import Answer, Message


class Network:
    """Answers one after the other, the last one for ever."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = [*answers] or [Answer(204)]
        self.messages: list[Message] = []

    async def __call__(self, make: Callable[[], Message]) -> Answer:
        self.messages.append(make())
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
