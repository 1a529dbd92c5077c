"""The chat on the Idea tab: the project's messages, and what can be done with the last ones."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import gradio as gr

from aivideo import conversation
from aivideo.conversation import MESSAGE_LIMIT, MessageView, Reply
from aivideo.errors import AIVideoError, MessageInvalid
from aivideo.studio import Growing
from aivideo.ui.page import LIVELY, PRIVATE, UNSEEN, Page, Snapshot, Values, guarded, window_of

WELCOME: Final = (
    "### What should the video be about?\n"
    "Say a rough idea. The persona asks, suggests and sharpens it until it is one topic."
)
PLACEHOLDER: Final = "Say an idea…"
SEND: Final = "Send"
STOP: Final = "Stop"
STOPPING: Final = 3.0
"""Seconds in which a model that is stopped lets go."""
BEING_WRITTEN: Final = "*(being written…)*"
STREAMING: Final = {"concurrency_limit": 4, "show_progress": "hidden", **PRIVATE}

Replies = Generator[Reply, None, None]


@dataclass
class Talks:
    """Which windows hear an answer grow, and in which projects.

    There the chat is left to that stream: what the database says meanwhile is shown when the
    answer has ended. Every other window follows what is said so far.
    """

    heard: list[tuple[str, str]] = field(default_factory=list)

    @contextmanager
    def going_on(self, project_id: str, window: str) -> Iterator[None]:
        """An answer is being heard."""
        self.heard.append((project_id, window))
        try:
            yield
        finally:
            self.heard.remove((project_id, window))

    def show(self, snapshot: Snapshot) -> Values:
        """The chat, where no stream has it."""
        if (snapshot.project_id, snapshot.window) in self.heard:
            return [gr.skip()]
        return _show_chat(snapshot)

    def wait(self, project_id: str, window: str) -> None:
        """Until an answer that is stopped has been kept."""
        until = time.monotonic() + STOPPING
        while (project_id, window) in self.heard and time.monotonic() < until:
            time.sleep(0.05)


def build_chat(page: Page) -> None:
    """Lay out the chat and wire it."""
    talks = Talks()
    chat = _interface(page, talks)
    with gr.Row(elem_id="chat-tools"):
        again = gr.Button("↻ Answer again", size="sm", min_width=120, interactive=False)
        back = gr.Button("↶ Take back", size="sm", min_width=120, interactive=False)
    page.follow([chat.chatbot_value], sees=_heard, show=talks.show)
    page.follow([again, back], sees=_can_be_changed, show=_show_tools)

    def anew(project_id: str, shown: Any, request: gr.Request) -> Iterator[Values]:
        with talks.going_on(project_id, window_of(request)):
            yield from _again(page, project_id, shown)

    def otherwise(
        project_id: str, shown: Any, edit: gr.EditData, request: gr.Request
    ) -> Iterator[Values]:
        with talks.going_on(project_id, window_of(request)):
            yield from _otherwise(page, project_id, shown, edit)

    def stopped(project_id: str, request: gr.Request) -> Values:
        talks.wait(project_id, window_of(request))
        return _kept(page, project_id)

    answers = [
        _stream(page, chat, again.click, anew),
        _stream(page, chat, chat.chatbot.edit, otherwise),
    ]
    chat.textbox.stop(None, None, None, cancels=answers, **PRIVATE)
    _show_on(page, chat, chat.textbox.stop, stopped)
    back.click(
        guarded(functools.partial(_take_back, page)),
        [page.project_id, chat.chatbot, chat.textbox],
        [chat.textbox, chat.chatbot, page.mark],
        **LIVELY,
    )


def _interface(page: Page, talks: Talks) -> gr.ChatInterface:
    box = gr.Textbox(
        placeholder=PLACEHOLDER,
        label="Message",
        show_label=False,
        submit_btn=SEND,
        stop_btn=STOP,
        autofocus=False,
    )

    def talk(message: str, _history: Any, project_id: str, request: gr.Request) -> Iterator[Values]:
        replies = conversation.talk(page.studio, project_id, message)
        try:
            with talks.going_on(project_id, window_of(request)), closing(replies):
                for reply in replies:
                    said = _answer(reply)
                    yield [said, gr.skip(), gr.skip()]
            yield [said, gr.Textbox(placeholder=PLACEHOLDER), page.look(project_id)]
        except AIVideoError:
            # Gradio goes no further after a failure: its bubble and its box are left to us.
            yield [[], _idle(interactive=True), page.look(project_id)]
            raise

    return gr.ChatInterface(
        guarded(talk),
        title="",
        additional_inputs=[page.project_id],
        additional_outputs=[box, page.mark],
        api_visibility="private",
        fill_height=False,
        concurrency_limit=4,
        show_progress="hidden",
        validator=_validate,
        chatbot=gr.Chatbot(
            label="Conversation",
            show_label=False,
            height=480,
            buttons=["copy"],
            layout="bubble",
            allow_tags=False,
            editable="user",
            elem_classes="chatbot",
            placeholder=WELCOME,
        ),
        textbox=box,
    )


def _validate(message: str, *_others: Any) -> Any:
    """Refuse what cannot be said before the box is cleared."""
    length = len((message or "").strip())
    valid = 1 <= length <= MESSAGE_LIMIT
    return gr.validate(valid, MessageInvalid(length, MESSAGE_LIMIT).message)


def _stream(page: Page, chat: gr.ChatInterface, trigger: Any, handler: Callable[..., Any]) -> Any:
    """Let an answer grow in the chat on an event of ours; afterwards show what was kept."""
    trigger(lambda: gr.Textbox(submit_btn=False, stop_btn=STOP), None, chat.textbox, **UNSEEN)
    answering = trigger(
        guarded(handler), [page.project_id, chat.chatbot], chat.chatbot, **STREAMING
    )

    for after in (answering.success, answering.failure):
        _show_on(page, chat, after, functools.partial(_kept, page))
    return answering


def _show_on(
    page: Page, chat: gr.ChatInterface, trigger: Any, handler: Callable[..., Values]
) -> None:
    outputs = [chat.chatbot, chat.textbox, page.mark]
    trigger(guarded(handler), page.project_id, outputs, **LIVELY)


def _kept(page: Page, project_id: str) -> Values:
    """What the database says, in a chat that waits for the next message."""
    return [*_show_chat(page.snapshot(project_id)), _idle(), page.look(project_id)]


def _idle(**more: Any) -> gr.Textbox:
    """The box as it waits for the next message."""
    return gr.Textbox(submit_btn=SEND, stop_btn=False, placeholder=PLACEHOLDER, **more)


def _again(page: Page, project_id: str, shown: Any) -> Iterator[Values]:
    """Have the last message answered anew."""
    snapshot = page.snapshot(project_id)
    asked = [at for at, each in enumerate(snapshot.messages) if each.role == "user"]
    before = _bubbles(snapshot.messages[: asked[-1] + 1] if asked else [])
    replies = conversation.talk_again(page.studio, project_id, seen=_seen(shown))
    yield from _grown(before, replies)


def _otherwise(page: Page, project_id: str, shown: Any, edit: gr.EditData) -> Iterator[Values]:
    """Say a message differently, and go on from there."""
    snapshot = page.snapshot(project_id)
    place = edit.index[0] if isinstance(edit.index, list | tuple) else int(edit.index)
    said = [message for message in snapshot.messages if message.role != "system"][place]
    words = str(edit.value)
    before = [*_bubbles(snapshot.messages)[:place], _bubble("user", words, "")]
    replies = conversation.talk(
        page.studio, project_id, words, instead_of=_id(shown, place) or said.message_id
    )
    yield from _grown(before, replies)


def _grown(before: Sequence[Any], replies: Replies) -> Iterator[Values]:
    """The whole chat as an answer grows at its end."""
    with closing(replies):
        for reply in replies:
            yield [*before, _answer(reply)]


def _take_back(page: Page, project_id: str, shown: Any, draft: str) -> Values:
    """Put the last message back into the box, before what is being typed there."""
    words = conversation.take_back(page.studio, project_id, seen=_seen(shown))
    box = "\n".join(filter(None, [words, (draft or "").strip()]))
    return [box, *_show_chat(page.snapshot(project_id)), page.look(project_id)]


def _show_chat(snapshot: Snapshot) -> Values:
    """The messages; where one is being answered, that answer instead of what comes after it."""
    growing = _growing(snapshot)
    if growing is None:
        return [_bubbles(snapshot.messages)]
    ids = [message.message_id for message in snapshot.messages]
    answered = snapshot.messages[: ids.index(growing.message_id) + 1]
    said = f"{growing.text}\n\n{BEING_WRITTEN}".strip()
    return [[*_bubbles(answered), _bubble("assistant", said, "")]]


def _bubbles(messages: Sequence[MessageView]) -> list[dict[str, Any]]:
    return [_message(message) for message in messages if message.role != "system"]


def _message(message: MessageView) -> dict[str, Any]:
    stopped = "\n\n*(stopped here)*" if message.interrupted else ""
    return _bubble(message.role, message.content + stopped, message.message_id)


def _answer(reply: Reply) -> dict[str, Any]:
    said = reply.text or (f"*{reply.notice}*" if reply.notice else "…")
    return _bubble("assistant", said, reply.message_id)


def _bubble(role: str, text: str, message_id: str) -> dict[str, Any]:
    """A message; Markdown is welcome in it, HTML is shown as it was written."""
    text = text.replace("<", "&lt;")
    return {"role": role, "content": text, "metadata": {"id": message_id}}


def _growing(snapshot: Snapshot) -> Growing | None:
    """The answer that is being written, unless its question was taken back meanwhile."""
    growing = conversation.answering(snapshot.studio, snapshot.project_id)
    ids = [message.message_id for message in snapshot.messages]
    return growing if growing and growing.message_id in ids else None


def _heard(snapshot: Snapshot) -> list[str]:
    """What decides how the chat looks."""
    growing = _growing(snapshot)
    ids = [message.message_id for message in snapshot.messages]
    return [*ids, growing.message_id, growing.text] if growing else ids


def _can_be_changed(snapshot: Snapshot) -> tuple[bool, bool]:
    """Whether the last message can be answered again, and whether it can be taken back."""
    is_there = any(message.role == "user" for message in snapshot.messages)
    return is_there and _growing(snapshot) is None, is_there


def _show_tools(snapshot: Snapshot) -> Values:
    return [gr.Button(interactive=can) for can in _can_be_changed(snapshot)]


def _seen(shown: Any) -> str | None:
    """The newest message that a chat shows; None when it does not know it yet."""
    return _id(shown, len(shown) - 1) if shown else None


def _id(shown: Any, place: int) -> str | None:
    """The id of a message as a chat shows it; None for one that was only just said."""
    metadata = shown[place].get("metadata") if 0 <= place < len(shown) else None
    return (metadata or {}).get("id") or None
