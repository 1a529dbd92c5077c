"""What a script is to be about, ready for a prompt: topic, talk, sources, the persona's manner."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from aivideo import projects, prompts
from aivideo.conversation import manner_of, notes_of
from aivideo.conversation.memory import SPEAKERS
from aivideo.engines.dialogue import count_tokens
from aivideo.spoken import LANGUAGES, language_of
from aivideo.store import Project, get_row
from aivideo.studio import Studio

NOTES: Final = 350
"""Tokens of conversation that go into the prompt."""
SOURCE_TOKENS: Final = 900
"""Of them that go into one prompt: with question, talk and answer they fit into 4,096."""
SENTENCES: Final = re.compile(r"(?<=[.!?\u3002])\s+|\n+")
WORD: Final = re.compile(r"\w{4,}")
"""Shorter words say little about what a sentence is about."""


@dataclass(frozen=True)
class Brief:
    """What a script is to be about.

    Attributes:
        notes: What was agreed on in the conversation, ready for a prompt; may be empty.
        sources: What the person gave to stick to, as it was given.
        manner: How its persona tells things, ready for a prompt; may be empty.
        language: What it is to be in, by its ISO 639 code; None where that cannot be told.
    """

    topic: str
    notes: str
    sources: str
    manner: str
    language: str | None = None

    @property
    def in_language(self) -> str:
        """What a prompt says of the language; the prompts themselves are English."""
        if self.language == "en":
            return ""
        language = LANGUAGES.get(self.language or "", "the language of the topic")
        return prompts.SCRIPT_LANGUAGE.format(language=language)

    def background(self, about: str = "") -> str:
        """All of it but the topic, for a prompt; of long sources what matters to ``about``."""
        facts = excerpt(self.sources, f"{self.topic} {about}", SOURCE_TOKENS)
        sources = prompts.SCRIPT_SOURCES.format(sources=facts) if facts else ""
        return f"{self.notes}{sources}{self.manner}"


def brief_of(studio: Studio, project_id: str) -> Brief:
    """What the project says about its script.

    Raises:
        NotFound: There is no such project.
        TopicInvalid: It has no topic.
    """
    conversation = notes_of(studio, project_id, NOTES)
    said = conversation.replace(f"{SPEAKERS['user']}:", "").replace(f"{SPEAKERS['assistant']}:", "")
    with studio.store.session() as session:
        project = get_row(session, Project, project_id)
        settled = projects.valid_topic(project.topic or "")
        manner = manner_of(session, project)
        sources = project.sources
    return Brief(
        language=language_of(settled) or language_of(f"{settled} {said} {sources}"),
        topic=settled,
        notes=prompts.SCRIPT_NOTES.format(conversation=conversation) if conversation else "",
        sources=sources,
        manner=prompts.SCRIPT_MANNER.format(manner=manner) if manner else "",
    )


def excerpt(text: str, about: str, tokens: int) -> str:
    """The sentences of a text that share the most words with what it is about, in their order.

    A text that fits is left as it is. Of equal sentences the earlier ones stay: notes begin
    with what matters.
    """
    if count_tokens(text) <= tokens:
        return text
    wanted = set(WORD.findall(about.lower()))
    sentences = [each.strip() for each in SENTENCES.split(text) if each.strip()]
    shared = [len(wanted & set(WORD.findall(each.lower()))) for each in sentences]
    kept: set[int] = set()
    room = tokens
    for place in sorted(range(len(sentences)), key=lambda at: -shared[at]):
        cost = count_tokens(sentences[place])
        if cost <= room:
            kept.add(place)
            room -= cost
    return " ".join(sentences[place] for place in sorted(kept))
