"""The baseline: a stock LangChain EnsembleRetriever (rank-bm25 + FAISS) behind FastAPI, over the same passages."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from fastapi import Body, FastAPI
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings

from assistant.bootstrap import build
from assistant.settings import read_settings
from knowledge.dense import Encoder, load_encoder
from knowledge.split import passages
from knowledge.tokens import tokens


class OurEmbeddings(Embeddings):
    """Our bundled encoder in LangChain's form, so that only the retrieval differs."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Vectors of passages."""
        return [[float(x) for x in vector] for vector in self._encoder.encode_passages(texts)]

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        return [float(x) for x in self._encoder.encode_queries([text])[0]]


def retriever(documents: list[Document], encoder: Encoder) -> Any:
    """The stock ensemble, as LangChain's documentation builds it, with a Japanese tokenizer."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # langchain-community announces its own end at import
        from langchain_classic.retrievers import EnsembleRetriever
        from langchain_community.retrievers import BM25Retriever
        from langchain_community.vectorstores import FAISS
    keyword = BM25Retriever.from_documents(documents, preprocess_func=lambda text: tokens(text, "ja"), k=10)
    dense = FAISS.from_documents(documents, OurEmbeddings(encoder)).as_retriever(search_kwargs={"k": 10})
    return EnsembleRetriever(retrievers=[keyword, dense], weights=[0.5, 0.5])


def over_texts(texts: Sequence[str], encoder: Encoder) -> Callable[[str], object]:
    """What asks a stock ensemble over these texts."""
    ensemble = retriever([Document(page_content=text) for text in texts], encoder)
    return lambda question: ensemble.invoke(question)


def application() -> FastAPI:
    """One route that retrieves for a question."""
    system = build(read_settings())
    town = system.default_town()
    held = [
        Document(page_content=f"{p.title}\n{p.text}", metadata={"id": p.id})
        for document in system.knowledge.documents(town)
        for p in passages(document)
    ]
    system.close()
    ensemble = retriever(held, load_encoder(None))
    app = FastAPI()

    @app.post("/retrieve")
    def retrieve(question: str = Body(embed=True)) -> list[dict[str, Any]]:
        return [{"id": d.metadata["id"], "text": d.page_content} for d in ensemble.invoke(question)]

    return app


if __name__ == "__main__":
    import uvicorn

    uvicorn.run(application(), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
