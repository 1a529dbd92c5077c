"""The page: Gradio only, one file per tab, and the gate in front of it.

Handlers here read inputs, call one step of ``aivideo`` and return values; whatever decides
something lives in the stages, where it is tested without a page.
"""
