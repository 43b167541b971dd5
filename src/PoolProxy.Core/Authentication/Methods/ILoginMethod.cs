namespace PoolProxy.Core.Authentication.Methods;

/// <summary>A way to prove who one is. Cold code on the loop; slow sums run on workers.</summary>
internal interface ILoginMethod
{
    /// <summary>The name in auth_type and in the audit trail.</summary>
    string Name { get; }

    /// <summary>What it proves is the startup packet's user; else whoever a token names.</summary>
    bool IsByName => true;

    /// <summary>It asks who is known: a user that no file knows is looked up by auth_query first.</summary>
    bool AsksUsers => IsByName;

    /// <summary>The kernel proves it: nobody can guess here, and who guesses elsewhere at the same name must not shut it.</summary>
    bool IsProvenByKernel => false;

    /// <summary>To know the user is not enough: it takes a stored password, for which those are looked up too whom a file knows without one.</summary>
    bool NeedsSecret => true;

    /// <summary>The method that is to run for this client: itself, unless it only chooses among others.</summary>
    ILoginMethod For(LoginExchange exchange) => this;

    ValueTask<LoginResult> RunAsync(LoginExchange exchange);
}
