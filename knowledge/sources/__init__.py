"""Sources: files and the e-Gov law API become Documents and Tables.

`files.discover` finds what can be read, `files.read` reads one file, `egov.fetch_law` fetches one law and
`corpus.documents_of` streams a corpus. The vocabulary (Origin, Reading, the limits) is in `reading`.
Nothing is imported here, so that the child process which reads a PDF starts with little.
"""
