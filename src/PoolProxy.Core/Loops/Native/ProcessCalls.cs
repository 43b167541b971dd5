using System.Runtime.InteropServices;

namespace PoolProxy.Core.Loops.Native;

/// <summary>Starts a process that is not this one's child in anything but name: a session of its own, no terminal, and one descriptor passed on (posix_spawn(3)).</summary>
internal static unsafe partial class ProcessCalls
{
    /// <summary>The number under which the started process finds the descriptor that it is passed.</summary>
    public const int PassedDescriptor = 3;

    private const short POSIX_SPAWN_SETSID = 0x80;
    private const int O_RDWR = 2;
    private const int O_CLOEXEC = 0x80000;

    // posix_spawn_file_actions_t and posix_spawnattr_t have 80 and 336 bytes in glibc, and less elsewhere.
    private const int ActionsBytes = 512;
    private const int AttributesBytes = 1024;

    /// <summary>A pipe that no child inherits; below zero where there is none to be had.</summary>
    public static (int Reading, int Writing) Pipe()
    {
        var ends = stackalloc int[2];
        return pipe2(ends, O_CLOEXEC) < 0 ? (-1, -1) : (ends[0], ends[1]);
    }

    /// <summary>Starts <paramref name="path"/> with standard error as here, and nothing at its standard input and output. Answers its number, or the errno below zero.</summary>
    public static int StartDetached(string path, string[] arguments, string[] environment, int passed)
    {
        var actions = stackalloc byte[ActionsBytes];
        var attributes = stackalloc byte[AttributesBytes];
        _ = posix_spawn_file_actions_init(actions);
        _ = posix_spawnattr_init(attributes);
        var argv = new NativeStrings(arguments);
        var envp = new NativeStrings(environment);
        try
        {
            _ = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSID);
            _ = posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDWR, 0);
            _ = posix_spawn_file_actions_addopen(actions, 1, "/dev/null", O_RDWR, 0);

            // To itself, dup2 would leave the mark that closes it; glibc takes that mark off then.
            _ = posix_spawn_file_actions_adddup2(actions, passed, PassedDescriptor);
            int process;
            var error = posix_spawn(&process, path, actions, attributes, argv.Pointers, envp.Pointers);
            return error == 0 ? process : -error;
        }
        finally
        {
            _ = posix_spawn_file_actions_destroy(actions);
            _ = posix_spawnattr_destroy(attributes);
            argv.Free();
            envp.Free();
        }
    }

    /// <summary>Waits for a child's end. Answers its exit code; null where a signal has ended it.</summary>
    public static int? WaitForExit(int process)
    {
        int status;
        int waited;
        do
        {
            waited = waitpid(process, &status, 0);
        }
        while (waited < 0 && Libc.LastError == Errno.EINTR);

        // wait(2): the low seven bits are the signal, the next byte is the code.
        return waited == process && (status & 0x7F) == 0 ? (status >> 8) & 0xFF : null;
    }

    /// <summary>
    /// Standard error goes nowhere from here on, and whoever reads what it was hears of its end: the runtime's console keeps a duplicate, which goes too. A file is left to
    /// what else may write to it.
    /// </summary>
    public static void CloseStandardError()
    {
        var nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
        if (nowhere < 0)
        {
            return;
        }

        var target = TargetOf("2");
        _ = dup2(nowhere, 2);
        if (target is not null && (target.StartsWith("pipe:", StringComparison.Ordinal) || target.StartsWith("socket:", StringComparison.Ordinal) || target.StartsWith("/dev/", StringComparison.Ordinal)))
        {
            foreach (var number in Directory.GetFiles("/proc/self/fd").Select(Path.GetFileName))
            {
                if (TargetOf(number!) == target && int.TryParse(number, out var descriptor))
                {
                    _ = dup2(nowhere, descriptor);
                }
            }
        }

        _ = Libc.close(nowhere);
    }

    private static string? TargetOf(string descriptor)
    {
        try
        {
            return new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget;
        }
        catch (IOException)
        {
            // Closed meanwhile.
            return null;
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int pipe2(int* ends, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int waitpid(int process, int* status, int options);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int dup2(int from, int to);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn(int* process, string path, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn_file_actions_addopen(byte* actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_adddup2(byte* actions, int from, int to);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_destroy(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setflags(byte* attributes, short flags);

    // char*[] with a null at its end.
    private readonly ref struct NativeStrings
    {
        private readonly int _count;

        public NativeStrings(string[] strings)
        {
            _count = strings.Length;
            Pointers = (byte**)NativeMemory.Alloc((nuint)(_count + 1), (nuint)sizeof(byte*));
            for (var i = 0; i < _count; i++)
            {
                Pointers[i] = (byte*)Marshal.StringToCoTaskMemUTF8(strings[i]);
            }

            Pointers[_count] = null;
        }

        public byte** Pointers { get; }

        public void Free()
        {
            for (var i = 0; i < _count; i++)
            {
                Marshal.FreeCoTaskMem((nint)Pointers[i]);
            }

            NativeMemory.Free(Pointers);
        }
    }
}
