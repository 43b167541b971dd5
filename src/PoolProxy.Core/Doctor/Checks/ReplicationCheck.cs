namespace PoolProxy.Core.Doctor.Checks;

/// <summary>A login with REPLICATION.</summary>
internal sealed class ReplicationCheck : Check
{
    /// <inheritdoc/>
    public override string Praise => "the login cannot replicate";

    /// <inheritdoc/>
    public override Task<IReadOnlyList<Finding>> RunAsync(Examination examination) => !examination.Login.CanReplicate ? Found() : Found(new Finding(
        examination.Upstream.UnsafeLevel, $"login \"{examination.Upstream.Login}\" has REPLICATION",
        "A client that goes back to the login by SET ROLE NONE can make replication slots and read the changes of every table.")
    {
        Sql = [$"ALTER ROLE {examination.LoginName} NOREPLICATION;"],
    });
}
