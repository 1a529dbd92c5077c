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
from aivideo.ui.page import LIVELY, PRIVATE, UNSEEN, Page, Snapshot, Values, guarded

WELCOME: Final = (
    "### What should the video be about?\n"
    "Say a rough idea. The persona asks, suggests and sharpens it until it is one topic."
)
PLACEHOLDER: Final = "Say an idea…"
SEND: Final = "Send"
STOP: Final = "Stop"
STOPPING: Final = 3.0
"""Seconds in which a model that is stopped lets go."""
STREAMING: Final = {"concurrency_limit": 4, "show_progress": "hidden", **PRIVATE}

Replies = Generator[Reply, None, None]


@dataclass
class Talks:
    """Which projects are being answered, and what was said there before.

    While a window hears an answer grow, the chat is left to that stream: what the database
    says meanwhile is shown when the answer has ended.
    """

    before: dict[str, list[str]] = field(default_factory=dict)

    @contextmanager
    def going_on(self, snapshot: Snapshot) -> Iterator[None]:
        """An answer is being heard."""
        first = snapshot.project_id not in self.before
        if first:
            self.before[snapshot.project_id] = _ids(snapshot)
        try:
            yield
        finally:
            if first:
                self.before.pop(snapshot.project_id, None)

    def heard(self, snapshot: Snapshot) -> list[str]:
        """The messages that decide how the chat looks."""
        return self.before.get(snapshot.project_id) or _ids(snapshot)

    def wait(self, project_id: str) -> None:
        """Until an answer that is stopped has been kept."""
        until = time.monotonic() + STOPPING
        while project_id in self.before and time.monotonic() < until:
            time.sleep(0.05)


def build_chat(page: Page) -> None:
    """Lay out the chat and wire it."""
    talks = Talks()
    chat = _interface(page, talks)
    with gr.Row(elem_id="chat-tools"):
        again = gr.Button("↻ Answer again", size="sm", min_width=120, interactive=False)
        back = gr.Button("↶ Take back", size="sm", min_width=120, interactive=False)
    page.follow([chat.chatbot_value], sees=talks.heard, show=_show_chat)
    page.follow(
        [again, back],
        sees=_has_question,
        show=lambda snapshot: [gr.Button(interactive=_has_question(snapshot))] * 2,
    )

    def otherwise(project_id: str, shown: Any, edit: gr.EditData) -> Iterator[Values]:
        yield from _otherwise(page, talks, project_id, shown, edit)

    answers = [
        _stream(page, chat, again.click, functools.partial(_again, page, talks)),
        _stream(page, chat, chat.chatbot.edit, otherwise),
    ]
    chat.textbox.stop(None, None, None, cancels=answers, **PRIVATE)
    _show_on(page, chat, chat.textbox.stop, functools.partial(_stopped, page, talks))
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

    def talk(message: str, _history: Any, project_id: str) -> Iterator[Values]:
        replies = conversation.talk(page.studio, project_id, message)
        try:
            with talks.going_on(page.snapshot(project_id)), closing(replies):
                for reply in replies:
                    news = gr.Textbox(placeholder=PLACEHOLDER) if reply.done else gr.skip()
                    yield [_answer(reply), news, gr.skip()]
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
    page: Page, chat: gr.ChatInterface, trigger: Any, handler: Callable[[str], Values]
) -> None:
    outputs = [chat.chatbot, chat.textbox, page.mark]
    trigger(guarded(handler), page.project_id, outputs, **LIVELY)


def _kept(page: Page, project_id: str) -> Values:
    """What the database says, in a chat that waits for the next message."""
    return [*_show_chat(page.snapshot(project_id)), _idle(), page.look(project_id)]


def _idle(**more: Any) -> gr.Textbox:
    """The box as it waits for the next message."""
    return gr.Textbox(submit_btn=SEND, stop_btn=False, placeholder=PLACEHOLDER, **more)


def _again(page: Page, talks: Talks, project_id: str, shown: Any) -> Iterator[Values]:
    """Have the last message answered anew."""
    snapshot = page.snapshot(project_id)
    asked = [at for at, each in enumerate(snapshot.messages) if each.role == "user"]
    before = _bubbles(snapshot.messages[: asked[-1] + 1] if asked else [])
    replies = conversation.talk_again(page.studio, project_id, seen=_seen(shown))
    yield from _heard_in(talks, snapshot, before, replies)


def _otherwise(
    page: Page, talks: Talks, project_id: str, shown: Any, edit: gr.EditData
) -> Iterator[Values]:
    """Say a message differently, and go on from there."""
    snapshot = page.snapshot(project_id)
    place = edit.index[0] if isinstance(edit.index, list | tuple) else int(edit.index)
    said = [message for message in snapshot.messages if message.role != "system"][place]
    words = str(edit.value)
    before = [*_bubbles(snapshot.messages)[:place], _bubble("user", words, "")]
    replies = conversation.talk(
        page.studio, project_id, words, instead_of=_id(shown, place) or said.message_id
    )
    yield from _heard_in(talks, snapshot, before, replies)


def _heard_in(
    talks: Talks, snapshot: Snapshot, before: Sequence[Any], replies: Replies
) -> Iterator[Values]:
    """The whole chat as an answer grows at its end."""
    with talks.going_on(snapshot), closing(replies):
        for reply in replies:
            yield [*before, _answer(reply)]


def _take_back(page: Page, project_id: str, shown: Any, draft: str) -> Values:
    """Put the last message back into the box, before what is being typed there."""
    words = conversation.take_back(page.studio, project_id, seen=_seen(shown))
    box = "\n".join(filter(None, [words, (draft or "").strip()]))
    return [box, *_show_chat(page.snapshot(project_id)), page.look(project_id)]


def _stopped(page: Page, talks: Talks, project_id: str) -> Values:
    talks.wait(project_id)
    return _kept(page, project_id)


def _show_chat(snapshot: Snapshot) -> Values:
    return [_bubbles(snapshot.messages)]


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


def _ids(snapshot: Snapshot) -> list[str]:
    return [message.message_id for message in snapshot.messages]


def _has_question(snapshot: Snapshot) -> bool:
    return any(message.role == "user" for message in snapshot.messages)


def _seen(shown: Any) -> str | None:
    """The newest message that a chat shows; None when it does not know it yet."""
    return _id(shown, len(shown) - 1) if shown else None


def _id(shown: Any, place: int) -> str | None:
    """The id of a message as a chat shows it; None for one that was only just said."""
    metadata = shown[place].get("metadata") if 0 <= place < len(shown) else None
    return (metadata or {}).get("id") or None
