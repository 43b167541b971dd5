namespace PoolProxy.Sandbox.Postgres;

/// <summary>
/// The account under which servers run: PostgreSQL refuses to run as root, so as root it is <c>postgres</c>, else
/// <c>nobody</c>; otherwise it is the account of this process.
/// </summary>
internal sealed record ServerAccount(string Name, uint UserId, uint GroupId)
{
    /// <summary>The account to switch to, or null where this process is not root.</summary>
    public static ServerAccount? Current { get; } = Environment.IsPrivilegedProcess ? Find("postgres") ?? Find("nobody") ?? Missing() : null;

    /// <summary>The command and arguments, with the change of account in front where one is needed.</summary>
    public static (string Program, IEnumerable<string> Arguments) Wrap(string program, IEnumerable<string> arguments) => Current is { } account
        ? ("setpriv", ["--reuid", account.UserIdText, "--regid", account.GroupIdText, "--clear-groups", program, .. arguments])
        : (program, arguments);

    public string UserIdText => UserId.ToString();

    public string GroupIdText => GroupId.ToString();

    /// <summary>Gives a file or folder to the servers' account, so that the server may read it. Does nothing where this process is not root.</summary>
    public static void Give(string path)
    {
        if (Current is { } account)
        {
            Posix.ChangeOwner(path, account.UserId, account.GroupId);
        }
    }

    private static ServerAccount? Find(string name)
    {
        // name:password:uid:gid:…, passwd(5)
        string[]? fields = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).FirstOrDefault(line => line[0] == name);
        return fields is { Length: > 3 } && uint.TryParse(fields[2], out uint user) && uint.TryParse(fields[3], out uint group)
            ? new ServerAccount(name, user, group)
            : null;
    }

    private static ServerAccount Missing() =>
        throw new SandboxException("PostgreSQL does not run as root, and /etc/passwd has neither postgres nor nobody: add one of them");
}
