//! The real window, driven as a person drives it: on a display of its own, with its own data
//! directories, over real files and a real server. Must never reach the account it runs under.

mod access;
mod attack;
mod changes;
mod desk;
mod forms;
mod group;
mod history;
mod journey;
mod keyboard;
mod mapping;
mod moving;
mod page;
mod published;
mod recovery;
mod screen;
mod servers;
mod site;
mod tour;
