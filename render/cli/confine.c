/* What the program never does, whatever its input makes of a parser: start another program, open a socket, look into
 * another process. The kernel refuses it from here on (seccomp); files stay open to it, since what is read and written is the
 * user's choice. Where a kernel or a container has no such filters, or the processor is another, all goes on without. */
#include "render/cli/confine.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "analyst/base/sanitized.h"

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

/* Sanitizers look for leaks from a process of their own. */
#if defined(ARCHITECTURE) && !SANITIZED

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define ANSWER(with) BPF_STMT(BPF_RET | BPF_K, with)
#define REFUSE(number) ANSWER(SECCOMP_RET_ERRNO | (number))
/* The next instruction only if ... */
#define IF_EQUAL(k) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (k), 0, 1)
#define IF_ANY_BIT(k) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (k), 0, 1)
#define IF_AT_LEAST(k) BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (k), 0, 1)
#define NEVER(call) IF_EQUAL(SYS_##call), REFUSE(EPERM)

static const struct sock_filter filter[] = {
	LOAD(arch),
	IF_EQUAL(ARCHITECTURE), BPF_STMT(BPF_JMP | BPF_JA, 1),
	ANSWER(SECCOMP_RET_KILL_PROCESS),
	LOAD(nr),
#ifdef __x86_64__
	IF_AT_LEAST(0x40000000), REFUSE(ENOSYS),      /* the x32 calls, by which others could be meant */
	NEVER(fork), NEVER(vfork),
#endif
	NEVER(execve), NEVER(execveat),
	NEVER(socket), NEVER(socketpair), NEVER(connect), NEVER(bind), NEVER(listen), NEVER(accept), NEVER(accept4),
	NEVER(sendto), NEVER(sendmsg), NEVER(sendmmsg),
	NEVER(ptrace), NEVER(process_vm_readv), NEVER(process_vm_writev), NEVER(pidfd_open), NEVER(pidfd_getfd),
	NEVER(bpf), NEVER(perf_event_open), NEVER(userfaultfd), NEVER(io_uring_setup), NEVER(keyctl), NEVER(add_key),
	NEVER(mount), NEVER(umount2), NEVER(pivot_root), NEVER(chroot), NEVER(setns), NEVER(unshare),
	NEVER(init_module), NEVER(finit_module), NEVER(kexec_load), NEVER(reboot),
	IF_EQUAL(SYS_clone3), REFUSE(ENOSYS),          /* its flags cannot be looked at; libc then takes clone */
	IF_EQUAL(SYS_clone), BPF_STMT(BPF_JMP | BPF_JA, 1),
	ANSWER(SECCOMP_RET_ALLOW),
	LOAD(args[0]),
	IF_ANY_BIT(CLONE_THREAD), ANSWER(SECCOMP_RET_ALLOW),
	REFUSE(EPERM),
};

void confine(void)
{
	const struct sock_fprog program = { sizeof(filter) / sizeof(filter[0]), (struct sock_filter *)filter };
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);      /* no customer's data in a dump */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
		syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program);
}

#else

void confine(void)
{
}

#endif
