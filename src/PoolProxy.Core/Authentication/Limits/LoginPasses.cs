using System.Net;

namespace PoolProxy.Core.Authentication.Limits;

/// <summary>
/// One login's way past <see cref="LoginGuard"/>: the address from the beginning, the identity and its issuer as soon as they are known, and everything given back at the end.
/// Owned by one loop.
/// </summary>
/// <param name="guard">The guard.</param>
/// <param name="address">The client's address; null for the Unix socket.</param>
internal sealed class LoginPasses(LoginGuard guard, IPAddress? address)
{
    // A Unix socket that is not exempt is one address of its own.
    private static readonly UInt128 UnixKey = UInt128.MaxValue;

    private readonly bool _isCounted = guard.Counts(address);
    private (UInt128 Key, bool IsHeld) _address;
    private (UInt128 Key, bool IsHeld) _identity;
    private (UInt128 Key, bool IsHeld) _issuer;

    private UInt128 AddressKey => address is null ? UnixKey : LimitKeys.Of(address);

    /// <summary>Before anything is read.</summary>
    public LimitVerdict EnterAddress() => _isCounted ? Enter(LimitScope.Address, AddressKey, ref _address) : LimitVerdict.Admitted;

    /// <summary>A user's name, before it is proven, or, with an issuer, a proven subject; the issuer comes behind it.</summary>
    public LimitVerdict EnterIdentity(string issuer, string subject) => Enter(LimitScope.Identity, LimitKeys.Of(issuer, subject), ref _identity);

    /// <summary>A good token of this issuer.</summary>
    public LimitVerdict EnterIssuer(string issuer) => Enter(LimitScope.Issuer, LimitKeys.Of(issuer, null), ref _issuer);

    /// <summary>Who it was could not be proven: the address has failed, and the name that was tried, where a name is what is proven.</summary>
    public void FailUnproven(string? user)
    {
        if (_isCounted)
        {
            guard.Fail(LimitScope.Address, AddressKey, () => address is null ? "unix" : LimitKeys.NameOf(address));
        }

        if (user is not null)
        {
            guard.Fail(LimitScope.Identity, LimitKeys.Of("", user), () => user);
        }
    }

    /// <summary>A token's signature was good and the rest was not: nobody guesses here, so that only its subject and its issuer have failed.</summary>
    public void FailProven(string issuer, string subject)
    {
        guard.Fail(LimitScope.Identity, LimitKeys.Of(issuer, subject), () => LimitKeys.NameOf(issuer, subject));
        guard.Fail(LimitScope.Issuer, LimitKeys.Of(issuer, null), () => issuer);
    }

    /// <summary>The login is over. May be called more than once.</summary>
    public void Leave()
    {
        Leave(LimitScope.Address, ref _address);
        Leave(LimitScope.Identity, ref _identity);
        Leave(LimitScope.Issuer, ref _issuer);
    }

    private LimitVerdict Enter(LimitScope scope, UInt128 key, ref (UInt128 Key, bool IsHeld) pass)
    {
        var verdict = guard.Enter(scope, key, out var isHeld);
        pass = (key, isHeld);
        return verdict;
    }

    private void Leave(LimitScope scope, ref (UInt128 Key, bool IsHeld) pass)
    {
        if (pass.IsHeld)
        {
            guard.Leave(scope, pass.Key);
            pass.IsHeld = false;
        }
    }
}
