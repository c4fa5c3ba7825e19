//! Hosts against real servers: an sshd, an HTTP server and a faulty line, all on this machine.
//! No test waits for a time where it can wait for a condition.

mod certs;
mod cuts;
mod fake;
mod faults;
mod folder;
mod ftp;
mod git;
mod guards;
mod keys;
mod killed;
mod matrix;
mod netlify;
mod netlify_fake;
mod proxy;
mod s3;
mod services;
mod sftp;
mod site;
mod sshd;
mod tools;
mod web;
mod webdav;
mod weed;
