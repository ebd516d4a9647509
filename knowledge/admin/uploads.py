from django import forms

from afori.common import files


class UploadForm(forms.ModelForm):
    """Fills a stored file from a checked upload."""

    def clean(self):
        cleaned = super().clean()
        if upload := cleaned.get("upload"):
            files.fill(self.instance, upload)
        return cleaned
