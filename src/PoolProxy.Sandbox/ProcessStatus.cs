using System.Globalization;

namespace PoolProxy.Sandbox;

/// <summary>What <c>/proc/PID/stat</c> says of a process, proc(5).</summary>
/// <param name="State">R, S, D, T …; Z where it has ended and its parent has not collected it yet.</param>
/// <param name="ParentId">The parent's process id.</param>
public readonly record struct ProcessStatus(char State, int ParentId)
{
    /// <summary>It has ended, and only its exit status is left.</summary>
    public bool IsZombie => State == 'Z';

    /// <summary>The status now; null where there is no such process.</summary>
    public static ProcessStatus? Read(int processId)
    {
        string stat;
        try
        {
            stat = File.ReadAllText($"/proc/{processId}/stat");
        }
        // ESRCH: it ended between open and read.
        catch (IOException)
        {
            return null;
        }
        // pid (name) state parent …; the name may hold spaces and parentheses.
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ', 3);
        return new ProcessStatus(fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture));
    }
}
