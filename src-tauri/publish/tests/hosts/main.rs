//! Hosts against real servers: an sshd, an HTTP server and a faulty line, all on this machine.
//! No test waits for a time where it can wait for a condition.

mod faults;
mod folder;
mod keys;
mod killed;
mod proxy;
mod sftp;
mod site;
mod sshd;
mod web;
