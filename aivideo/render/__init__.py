"""Stage 5: from a curated project to one MP4 with poster, captions and credits.

``plan_render`` says what would be done; ``render_project`` plans the shots (``aivideo.shots``),
films each once, mixes the sound, joins both without encoding again and publishes the video after
looking it over; ``latest_video`` says what was made last.
"""

from aivideo.render.planning import RenderPlan, plan_render
from aivideo.render.video import FinishedVideo, latest_video, render_project
from aivideo.shots import Look, Shot, plan

__all__ = [
    "FinishedVideo",
    "Look",
    "RenderPlan",
    "Shot",
    "latest_video",
    "plan",
    "plan_render",
    "render_project",
]
