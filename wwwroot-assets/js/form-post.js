// Sends the one form of the page that hands a person back to an application; the button beside it does the same.
document.forms[0].submit();
