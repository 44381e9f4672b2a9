#pragma once

/// The command line of capo, for a program of your own:
///
///     #include <capo/capo.hpp>
///     int main(int argc, char** argv) { return capo::run(argc, argv); }
///
namespace capo {

/// Does what `argv` says and prints to standard output and standard error. Returns the exit code: 0 done, 1 failed,
/// 2 wrong usage, 128 + n stopped by signal n. Throws nothing. While a command works on a database, SIGINT, SIGTERM and
/// SIGHUP are taken over, so call it on the main thread and before other threads are started. Not reentrant.
int run(int argc, char** argv);

}  // namespace capo
