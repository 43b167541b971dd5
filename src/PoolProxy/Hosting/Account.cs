using PoolProxy.Core;
using PoolProxy.Core.Loops.Native;

namespace PoolProxy.Hosting;

/// <summary>
/// What the process runs as (<c>-u</c>, <c>user</c>). Root is given up, groups too, before the first client is let in; and it is refused where nobody was named, as by
/// PgBouncer. Unlike there, root may be named: in a container it may be all there is.
/// </summary>
internal static class Account
{
    private const string Root = "root";

    /// <summary>Becomes <paramref name="name"/>; empty stays what the process is.</summary>
    /// <exception cref="ProxyFaultException">There is no such user, it cannot be become, or the process would run as root and nobody has said so.</exception>
    public static void Become(string name)
    {
        if (name.Length == 0)
        {
            if (AccountCalls.EffectiveUser == 0)
            {
                throw Fault("PoolProxy should not run as root: name a user with -u or the setting user (-u root, where that is what is meant)");
            }

            return;
        }

        if (AccountCalls.Find(name) is not var (user, group))
        {
            throw Fault($"user: there is no user \"{name}\" here");
        }

        if (name != Root && user == 0)
        {
            throw Fault($"user: \"{name}\" is root by another name");
        }

        if (user == AccountCalls.EffectiveUser)
        {
            return;
        }

        if (AccountCalls.Become(name, user, group) is var errno and not 0)
        {
            throw Fault($"user: cannot become \"{name}\": {Errno.TextOf(errno)}");
        }
    }

    private static ProxyFaultException Fault(string text) => new([text], isBadFile: false);
}
