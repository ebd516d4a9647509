import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0004_readers'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='follow',
            name='follow_once',
        ),
        migrations.RemoveField(
            model_name='follow',
            name='user',
        ),
        migrations.AlterField(
            model_name='follow',
            name='reader',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follows', to='notifications.reader', verbose_name='reader'),
        ),
        migrations.AddConstraint(
            model_name='follow',
            constraint=models.UniqueConstraint(fields=('reader', 'kind', 'subject_id'), name='follow_once'),
        ),
    ]
