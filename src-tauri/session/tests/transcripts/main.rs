//! The session as transcripts: commands in, events out, files compared byte for byte.
//! Nothing here looks inside the session.

mod corpora;
mod desk;
mod history;
mod looking;
mod moving;
mod outside;
mod pages;
mod publishing;
mod settings;
mod spelling;
mod trouble;
mod words;
mod writing;
