# Certificates and servers for the tests of TLS with programs of others.

function New-TestCertificate {
    <# Writes an authority (ca.pem) and certificates of it for a server and a client, each with its key, to a folder. #>
    param([Parameter(Mandatory)] [string] $Folder)
    $ca = New-ReactorCertificate -CertificateAuthority -Path $Folder/ca.pem -KeyPath $Folder/ca.key
    $null = New-ReactorCertificate -Issuer $ca -Path $Folder/server.pem -KeyPath $Folder/server.key
    $null = New-ReactorCertificate -Issuer $ca -Client -Subject CN=somebody -Path $Folder/client.pem -KeyPath $Folder/client.key
}

function Invoke-Trusting {
    <# Runs a script; the processes that it starts trust the authority in a folder. .NET reads the variable once in a process. #>
    param([Parameter(Mandatory)] [string] $Folder, [Parameter(Mandatory)] [scriptblock] $Script)
    $env:SSL_CERT_FILE = "$Folder/ca.pem"
    try {
        & $Script
    }
    finally {
        $env:SSL_CERT_FILE = $null
    }
}

function Start-SmtpServer {
    <# A server of a little SMTP, which begins TLS when it is asked to. What it gets is in its State.Mails. #>
    param([Parameter(Mandatory)] [hashtable] $Options)
    Start-LineServer 0 @Options -StartTls -OnStart {
        $Server.State.Mails = [Collections.Generic.List[string]]::new()
    } -OnConnect { '220 localhost ready' } -OnLine {
        $mail = $Connection.State
        if ($null -ne $mail.Text) {
            if ($_ -ne '.') {
                $mail.Text.Add(($_ -replace '^\.'))
                return
            }
            $Server.State.Mails.Add("$($mail.From) $($mail.To) $([bool]$Connection.Tls) $($mail.Text -join '|')")
            $mail.Text = $null
            return '250 kept'
        }
        switch -Regex ($_) {
            '^EHLO' { '250-localhost'; if (-not $Connection.Tls) { '250-STARTTLS' }; '250 8BITMIME'; break }
            '^STARTTLS' { $mail.Clear(); '220 go ahead'; $Connection.StartTls(); break }
            '^MAIL FROM:<(.*)>' { $mail.From = $Matches[1]; '250 fine'; break }
            '^RCPT TO:<(.*)>' { $mail.To = $Matches[1]; '250 fine'; break }
            '^DATA' { $mail.Text = [Collections.Generic.List[string]]::new(); '354 up to a dot'; break }
            '^NOOP' { "250 mail of '$($mail.From)'"; break }
            '^QUIT' { '221 bye'; $Connection.Close(); break }
            default { '500 what?' }
        }
    }
}

Export-ModuleMember -Function *
