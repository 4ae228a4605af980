/*
 * A root that is mounted over the machine's can be taken away by whoever may unmount in its namespace: a privileged
 * container. Where that is not root on this machine anyway, the machine's root is therefore taken out of the namespace,
 * by a process that has it, as the kernel takes "the old root" to be that of whoever asks, and on behalf of one that has
 * another root already, as every other loses its tools then.
 */

/** Lines of the script that makes the root file system: two pipes in the run's folder, for the word and the answer. */
export const openSwap = `mkfifo go moved && exec 5<>go 6<>moved || fail`;

/** What the current folder is becomes the root. 0: the machine's lies over its /proc now; 1: below it, as it had to be. */
export const swapWhenTold = `(read -r _ <&5
if PATH="$PATH:/usr/sbin:/sbin" pivot_root . proc; then echo 0 >&6
else mount -n --move . /; echo $(($? ? 2 : 1)) >&6
fi) &`;

/**
 * Gives the word, and takes the machine's root away: by a program that is of it, since none finds its way otherwise. Becomes
 * the command, with the script's own standard error, 3. Argument: nsenter.
 */
const swapped = `echo >&5
read -r s <&6
[ "$s" = 2 ] && exit 128
[ "$s" = 1 ] || "$0" --root=proc -- umount -n -i -c -l /proc/self/cwd/proc || exit 128
exec 2>&3 3>&- 5>&- 6>&-
exec "$@"`;

/** The command line that has the root swapped and becomes the command; its own root is the tools'. */
export const swappedBy = (nsenter: string): string[] => ['sh', '-c', swapped, nsenter];
