"""Everything outside this process: one file, one outside thing.

Each engine translates its vendor's exceptions at its own door, imports its vendor on first
use, and can say how it is (``check``).
"""
