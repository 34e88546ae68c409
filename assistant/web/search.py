"""Retrieval alone, for systems that write their own answers."""

from __future__ import annotations

from fastapi import APIRouter, Request

from assistant.language.detect import speakable
from assistant.web.schemas import SearchRequest, SearchResult
from assistant.web.state import address, limits, system
from knowledge.citing import cited_path
from knowledge.search import Query

router = APIRouter(prefix="/api/v1", tags=["search"])


@router.post("/search", response_model=SearchResult)
def search(request: Request, body: SearchRequest) -> dict[str, object]:
    """The passages that fit a question best, one a text, nearest layers together."""
    limits(request).messages.take(address(request))
    here = system(request)
    town = here.town(body.town)
    language = speakable(body.language or here.parts.detect(body.query, None)).language
    found = here.library.search(
        Query(text=body.query, language=language, owners=town.owners, day=here.clock().date(), k=body.k)
    )
    off = here.switches.of(body.town)
    return {
        "hits": [
            {
                "passage": hit.passage.id, "title": hit.passage.title, "path": cited_path(hit.passage),
                "text": hit.passage.text, "url": hit.passage.url, "language": hit.passage.language,
                "layer": hit.passage.layer.value,
                "as_of": hit.passage.as_of.isoformat() if hit.passage.as_of else None,
                "score": round(hit.score, 6), "lexical": round(hit.lexical, 6), "dense": round(hit.dense, 6),
            }
            for hit in found.hits
            if not off.hides(hit.passage)
        ],
        "index": found.version,
    }  # fmt: skip
