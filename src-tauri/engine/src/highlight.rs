//! Syntax highlighting: code and a language to coloured HTML, equal code coloured once.
