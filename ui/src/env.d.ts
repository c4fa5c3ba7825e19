/** True in the build that runs without the shell, on a small made-up site. */
declare const __FAKE__: boolean
