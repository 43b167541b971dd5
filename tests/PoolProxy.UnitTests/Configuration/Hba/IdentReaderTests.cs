using PoolProxy.Configuration.Hba;
using PoolProxy.Configuration.Model;
using Xunit;

namespace PoolProxy.UnitTests.Configuration.Hba;

/// <summary>auth_ident_file: who may log in as whom.</summary>
public sealed class IdentReaderTests
{
    private static readonly Memberships Staff = Memberships.Of(new Dictionary<string, UserSettings> { ["alice"] = new() { Name = "alice", MemberOf = ["staff"] } });

    [Theory]
    [InlineData("m root alice", "root", "alice", true)]
    [InlineData("m root alice", "root", "bob", false)]
    [InlineData("m root alice", "Root", "alice", false)]
    [InlineData("m root alice\nm root bob", "root", "bob", true)]
    [InlineData("m root alice\nx root bob", "root", "bob", false)]
    [InlineData("m root all", "root", "anybody", true)]
    [InlineData("m root \"all\"", "root", "anybody", false)]
    [InlineData("m root \"all\"", "root", "all", true)]
    [InlineData("m \"a b\" alice", "a b", "alice", true)]
    [InlineData("m root +staff", "root", "alice", true)]
    [InlineData("m root +staff", "root", "bob", false)]
    [InlineData("m root /^a", "root", "alice", true)]
    [InlineData("m root /^a", "root", "bob", false)]
    [InlineData("m /^(.*)@example\\.com$ \\1", "alice@example.com", "alice", true)]
    [InlineData("m /^(.*)@example\\.com$ \\1", "alice@example.com", "bob", false)]
    [InlineData("m /^(.*)@example\\.com$ \\1", "alice@example.community", "alice", false)]
    [InlineData("m /^(.*)@example\\.com$ \\1", "all@example.com", "bob", false)]
    [InlineData("m /^(.*)@example\\.com$ \\1", "+staff@example.com", "alice", false)]
    [InlineData("m /^(.*)@example\\.com$ app_\\1", "alice@example.com", "app_alice", true)]
    [InlineData("m /^(a)?root$ \\1", "root", "", false)]
    [InlineData("m /^r alice", "root", "alice", true)]
    [InlineData("m /^root$ alice", "root\n", "alice", false)]
    public void A_system_name_may_be_the_users_that_its_lines_name(string text, string system, string user, bool admitted)
    {
        var read = Read(text);
        Assert.Empty(read.Faults);
        Assert.Equal(admitted, read.Maps["m"].Admits(system, user, Staff));
    }

    [Theory]
    [InlineData("m root", "/conf/ident.conf:1:1: the line is no line of a map")]
    [InlineData("m root alice more", "/conf/ident.conf:1:1: the line is no line of a map")]
    [InlineData("m root,x alice", "/conf/ident.conf:1:1: the line is no line of a map")]
    [InlineData("m \"\" alice", "/conf/ident.conf:1:1: the line is no line of a map")]
    [InlineData("m /( alice", "/conf/ident.conf:1:3: the regular expression is none")]
    [InlineData("m root \\1", "/conf/ident.conf:1:8: \\1 stands for a group of the system name, which has none")]
    [InlineData("m /^x$ \\1", "/conf/ident.conf:1:8: \\1 stands for a group of the system name, which has none")]
    [InlineData("m root +others", "/conf/ident.conf:1:8: nobody is said to be a member of \"others\"")]
    [InlineData("m \"root alice", "/conf/ident.conf:1:3: a quote or a list is not ended")]
    [InlineData("include other", "/conf/other:1:1: the line is no line of a map")]
    public void What_is_no_line_is_a_fault_at_its_place(string text, string fault) => Assert.StartsWith(fault, Assert.Single(Read(text).Faults).ToString());

    private static IdentResult Read(string text) =>
        IdentReader.Read(text, "/conf/ident.conf", new(path => path == "/conf/other" ? ("m x", null) : (null, ""), _ => (null, "none")), Staff);
}
