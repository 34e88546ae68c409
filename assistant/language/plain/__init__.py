"""やさしい日本語 as an output: rewriting, readings, spaces, and a score of how easy a text is.

    rewriting.plain       the text in やさしい日本語, sentence by sentence with the way back
    ruby.furigana         readings as spans; to_html, to_brackets
    bracketing.bracketed  readings and explanations as our guides write them
    spacing.spaced        わかち書き
    score.score           0-100, its parts and every place that can be made easier
    guides.easy_guide     a whole guide, the authored version before the rewritten one
    reviewing.review      score and advice for the person who writes a guide

Pure functions; word lists are tab-separated files beside them.
"""
