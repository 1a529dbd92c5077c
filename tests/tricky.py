"""Texts whose words are easily lost on their way to a voice."""

TRICKY = (
    "It costs $3.50 today",
    "Visit https://www.example.com/a?b=1 or write to me@example.org",
    "Dr. Smith's AT&T R&D met Siobhan O'Connor & Xqzt-9",
    "He said \"rock'n'roll\" — (loudly) — in the '90s!",
    "5'10\" tall, 24/7, 1/3, GPT-4, 3.11.7, 1,234,567 and ¥800",
    "café naïve São Paulo, Zürich; Ω and μ",
    "word—word, word \u2013 word -- word… [sic] {x} <b>",
    "snake_case CamelCase C++ C# A+ H₂O E=mc²",
    "½ of 2½ cups at 5:30pm on 2024-03-05",
    "\u0130stanbul $.50.60 10e9 and 5 $ # here",
    "AAAAAAAAARGH hmm zzz pffft",
    "I am in a house that has been there and he was on a bus to the end of it " * 5,
)
