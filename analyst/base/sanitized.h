/* SANITIZED: whether a sanitizer is built in that brings a malloc and processes of its own. */
#ifndef TSUMUGI_SANITIZED_H
#define TSUMUGI_SANITIZED_H

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)      /* gcc */
#define SANITIZED 1
#elif defined(__has_feature)                                           /* clang */
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

#endif
